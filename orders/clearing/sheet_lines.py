"""Lines of a sheet: JSON, one for each row, encrypted for the key of deliveries: the web shows them."""

import io
import json
from collections.abc import Collection
from typing import Any

from orders.models import OrderFile
from portal import storage


def read(sheet: OrderFile, positions: Collection[int]) -> dict[int, dict[str, Any]]:
    """The lines at these positions, by position. Raises LookupError where one is not there."""
    content = io.BytesIO()
    storage.decrypt_to(sheet.name, storage.delivery_key(), content)
    content.seek(0)
    found = {position: json.loads(line) for position, line in enumerate(content) if position in positions}
    if missing := set(positions) - found.keys():
        raise LookupError(f"sheet {sheet.pk} has no lines {sorted(missing)}")
    return found
