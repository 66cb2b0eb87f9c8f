"""The links of an order as its delivery takes them: with what officials decided on its doubtful rows."""

from pathlib import Path
from typing import Any

from matching import reviewed
from orders.models import DoubtfulRow, Order, OrderFile
from portal import storage


def amended(order: Order, links: Path, folder: Path, limits: dict[str, Any]) -> Path:
    """A file of `folder` in which each decided row has its person or none; the links if none is decided."""
    settled = order.doubtful_rows.filter(stage=DoubtfulRow.Stage.SETTLED).order_by("row")
    decisions = list(settled.values_list("row", "place"))
    if not decisions:
        return links
    kept = order.files.filter(kind=OrderFile.Kind.CANDIDATES, purged_at=None).latest("created_at")
    output = folder / "reviewed-links.parquet"
    with storage.decrypted_copy(kept.name, storage.upload_key(), folder) as candidates:
        reviewed.amend(links, candidates, output, decisions, **limits)
    return output
