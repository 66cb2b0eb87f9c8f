"""What customers complete of their doubtful rows, on a worker: read, and linked as the order was.

Completed data are linked by the store version, the day and the model of the order, so that they give the same
whenever it is done: once they are sent, for the officials, and at the delivery, for the links.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from matching import chunks
from matching.linking import completed
from matching.linking.completed import FOUND, TAKEN, Links
from orders import policies
from orders.links import match_model
from orders.models import Completion, Order, OrderFile
from portal import storage

FAILED = "failed"
"""In the place of a result: what was completed could not be matched, and the row is as it was sent."""

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Anew:
    """Rows as what was completed links them: nothing where nothing was. `results`: row → result."""

    piece: Path | None = None
    links: Links | None = None
    results: Mapping[int, str] = field(default_factory=dict)

    @property
    def found(self) -> list[int]:
        """The rows that are settled by what was completed."""
        return [row for row, result in self.results.items() if result in FOUND]

    @property
    def taken(self) -> set[int]:
        """The rows that are linked by what was completed in the place of what was sent."""
        return {row for row, result in self.results.items() if result in TAKEN}


def link(
    order: Order, folder: Path, store: Path, limits: dict[str, Any], files: Iterable[OrderFile] | None = None
) -> Anew:
    """Link the rows that were completed in `files`, by default in all of the order's."""
    rows = typed(order, files)
    if not rows:
        return Anew()
    piece = folder / "completed.parquet"
    made = Links(folder / "completed-links.parquet", folder / "completed-candidates.parquet")
    completed.write_piece(rows, piece)
    chunks.link_piece(
        piece,
        store,
        made.links,
        candidates_out=made.candidates,
        subject=order.subject,
        version=order.store_version,
        on=order.judged_on or policies.today(),
        model=match_model.written(order, folder),
        **limits,
    )
    return Anew(piece, made, completed.results(made))


def typed(order: Order, files: Iterable[OrderFile] | None = None) -> dict[int, Cells]:
    """Row → its cells by field, as the customer completed them."""
    done = order.completions.filter(file__purged_at=None).exclude(file=None).exclude(result=FAILED)
    if files is not None:
        done = done.filter(file__in=list(files))
    rows: dict[int, Cells] = {}
    for file in OrderFile.objects.filter(completions__in=done).distinct():
        content = b"".join(storage.decrypted_blocks(file.name, storage.upload_key()))
        rows |= {int(row): cells for row, cells in json.loads(content).items()}
    return rows


def linked_beside(order: Order, anew: Anew) -> bool:
    """Whether rows have been linked by what was completed after `anew` was read, which lacks them."""
    done = order.completions.filter(file__purged_at=None, linked_at__isnull=False).exclude(file=None)
    return done.exclude(result=FAILED).exclude(row__in=list(anew.results)).exists()


def taken_piece(order: Order, rows: Iterable[int], folder: Path) -> list[Path]:
    """A piece of the rows that are linked by what was completed, if there are any."""
    wanted = set(rows)
    cells = {row: cells for row, cells in typed(order).items() if row in wanted}
    if not cells:
        return []
    path = folder / "taken.parquet"
    completed.write_piece(cells, path)
    return [path]


def keep_results(order: Order, results: Mapping[int, str]) -> None:
    """Tell of each row what its completed data gave, in the caller's transaction; once, but for a fault."""
    now = timezone.now()
    told = order.completions.filter(row__in=list(results))
    waiting = list(told.filter(Q(linked_at=None) | Q(result=FAILED)))
    for one in waiting:
        one.result, one.linked_at = results[one.row], now
    Completion.objects.bulk_update(waiting, ["result", "linked_at"], batch_size=1000)
