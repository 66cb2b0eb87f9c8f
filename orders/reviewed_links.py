"""The links of an order as its delivery takes them: by what customers completed, and as officials decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matching import completed, reviewed
from matching.completed import TAKEN, Links
from orders import completions, retention, workflow
from orders.models import DoubtfulRow, Order, OrderFile
from portal import storage


@dataclass(frozen=True)
class Amended:
    """Links for a delivery; pieces of the rows that completed data linked; what these gave, by row."""

    links: Path
    completed_rows: list[Path] = field(default_factory=list)
    results: Mapping[int, str] = field(default_factory=dict)


def amended(order: Order, links: Path, folder: Path, store: Path, limits: dict[str, Any]) -> Amended:
    """The links of the match, with each completed row as it is found and each decided row's person or none.

    Those of an order that has been delivered hold all that already: see `replace`.
    """
    if order.deliveries.exists():
        taken = order.completions.filter(result__in=TAKEN).values_list("row", flat=True)
        return Amended(links, completions.taken_piece(order, taken, folder))
    settled = order.doubtful_rows.filter(stage=DoubtfulRow.Stage.SETTLED).order_by("row")
    decisions = list(settled.values_list("row", "place"))
    anew = completions.link(order, folder, store, limits)
    if not decisions and anew.links is None:
        return Amended(links)
    kept = order.files.filter(kind=OrderFile.Kind.CANDIDATES, purged_at=None).latest("created_at")
    with storage.decrypted_copy(kept.name, storage.upload_key(), folder) as candidates:
        now = Links(links, candidates)
        if anew.links is not None:
            now = Links(folder / "anew-links.parquet", folder / "anew-candidates.parquet")
            completed.take(Links(links, candidates), anew.links, now, **limits)
        output = now.links
        if decisions:
            output = folder / "reviewed-links.parquet"
            reviewed.amend(now.links, now.candidates, output, decisions, **limits)
    return Amended(output, completions.taken_piece(order, anew.taken, folder), anew.results)


def replace(order: Order, decided: storage.StoredFile) -> None:
    """Keep the links with the decisions in the place of the match's, in the caller's transaction.

    The candidates go once the order is delivered: a delivery that is made anew finds the decisions here.
    """
    of_match = list(order.files.filter(kind=OrderFile.Kind.LINKS, purged_at=None))
    OrderFile.objects.create(order=order, kind=OrderFile.Kind.LINKS, **vars(decided))
    workflow.purge_files(of_match, retention.CLEARED)
