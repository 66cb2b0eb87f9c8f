"""The model that an order's rows are linked by: kept with the order, so that it is the same at each step."""

import json
from pathlib import Path

from orders.models import MatchModel, Order


def written(order: Order, folder: Path) -> Path | None:
    """A file of the order's model in `folder`; None where it is linked without one."""
    if not order.model_version:
        return None
    path = folder / "model.json"
    path.write_text(json.dumps(MatchModel.objects.get(pk=order.model_version).content))
    return path
