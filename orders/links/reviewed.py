"""The links of an order as its delivery takes them: by what customers completed, and as officials decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matching.doubts import reviewed
from matching.linking import completed
from matching.linking.completed import TAKEN, Links
from orders import retention, workflow
from orders.links import completions, doubt_reading
from orders.links.completions import Anew
from orders.models import DoubtfulRow, Order, OrderFile
from portal import storage


@dataclass(frozen=True)
class Amended:
    """Links for a delivery; pieces of the rows that completed data linked; what these gave, by row.

    `dropped`: the decided rows whose decision was of other candidates; they are as they were linked.
    """

    links: Path
    completed_rows: list[Path] = field(default_factory=list)
    results: Mapping[int, str] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)


def amended(order: Order, links: Path, folder: Path, store: Path, limits: dict[str, Any]) -> Amended:
    """The links of the match, with each completed row as it is found and each decided row's person or none.

    Those of an order that has been delivered hold all that already: see `replace`.
    """
    if order.deliveries.exists():
        taken = order.completions.filter(result__in=TAKEN).values_list("row", flat=True)
        return Amended(links, completions.taken_piece(order, taken, folder))
    anew = completions.link(order, folder, store, limits)
    decisions, dropped = _decisions(order, anew, folder, store, limits)
    if not decisions and anew.links is None:
        return Amended(links, dropped=dropped)
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
    return Amended(output, completions.taken_piece(order, anew.taken, folder), anew.results, dropped)


def _decisions(
    order: Order, anew: Anew, folder: Path, store: Path, limits: dict[str, Any]
) -> tuple[list[tuple[int, int | None]], list[int]]:
    """Row and place of each decision; and the rows whose decision is left out.

    A decision is a place among candidates. Those of a completed row have been worked out again, and it is of
    them only where they are the same as on the sheet that the official saw.
    """
    settled = order.doubtful_rows.filter(stage=DoubtfulRow.Stage.SETTLED).order_by("row")
    decided = list(settled.values_list("row", "place", "fingerprint"))
    seen = order.completions.filter(result__in=TAKEN).values_list("row", flat=True)
    of_completed = {row for row, _, _ in decided} & (anew.taken | set(seen))
    now = {}
    if of_completed:
        read = doubt_reading.reader(order, folder, order.store_version, limits)
        fresh = doubt_reading.anew_in(anew, store, read)
        now = {one.row: doubt_reading.fingerprint(order, one) for one in fresh}
    dropped = {row for row, _, known in decided if row in of_completed and now.get(row) != bytes(known)}
    return [(row, place) for row, place, _ in decided if row not in dropped], sorted(dropped)


def replace(order: Order, decided: storage.StoredFile) -> None:
    """Keep the links with the decisions in the place of the match's, in the caller's transaction.

    The candidates go once the order is delivered: a delivery that is made anew finds the decisions here.
    """
    of_match = list(order.files.filter(kind=OrderFile.Kind.LINKS, purged_at=None))
    OrderFile.objects.create(order=order, kind=OrderFile.Kind.LINKS, **vars(decided))
    workflow.purge_files(of_match, retention.CLEARED)
