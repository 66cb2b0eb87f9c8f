"""The links of an order as its delivery takes them: with what officials decided on its doubtful rows."""

from pathlib import Path
from typing import Any

from matching import reviewed
from orders import retention, workflow
from orders.models import DoubtfulRow, Order, OrderFile
from portal import storage


def amended(order: Order, links: Path, folder: Path, limits: dict[str, Any]) -> Path:
    """A file of `folder` in which each decided row has its person or none; the links if none is decided.

    Those of an order that has been delivered hold the decisions already: see `replace`.
    """
    settled = order.doubtful_rows.filter(stage=DoubtfulRow.Stage.SETTLED).order_by("row")
    decisions = list(settled.values_list("row", "place"))
    if not decisions or order.deliveries.exists():
        return links
    kept = order.files.filter(kind=OrderFile.Kind.CANDIDATES, purged_at=None).latest("created_at")
    output = folder / "reviewed-links.parquet"
    with storage.decrypted_copy(kept.name, storage.upload_key(), folder) as candidates:
        reviewed.amend(links, candidates, output, decisions, **limits)
    return output


def replace(order: Order, decided: storage.StoredFile) -> None:
    """Keep the links with the decisions in the place of the match's, in the caller's transaction.

    The candidates go once the order is delivered: a delivery that is made anew finds the decisions here.
    """
    of_match = list(order.files.filter(kind=OrderFile.Kind.LINKS, purged_at=None))
    OrderFile.objects.create(order=order, kind=OrderFile.Kind.LINKS, **vars(decided))
    workflow.purge_files(of_match, retention.CLEARED)
