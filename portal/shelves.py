"""Which rows name the files at rest: each app tells its shelves, and what concerns all files walks them.

A file that no row names is removed; one that is written for an old key is written anew.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from portal import storage
from portal.audit import record
from portal.events import Event

SHELVES: list["Shelf"] = []
OPERATOR = "operator"


@dataclass(frozen=True)
class Shelf:
    """Files of one kind. `rows`: those that name a file which lies there, each with `name` and `key_id`.

    `about` is the attribute of a row that leads to what the audit trail tells of; empty for the row itself.
    """

    title: str
    folders: tuple[str, ...]
    rows: Callable[[], QuerySet[Any]]
    key: Callable[[], storage.Key]
    about: str = ""


def keep(*shelves: Shelf) -> None:
    """Tell of an app's shelves, when it starts."""
    SHELVES.extend(shelves)


def remove_unnamed() -> int:
    """Remove stored files that no row names; returns how many.

    A step that was rolled back, or a killed rotation of keys, leaves such ciphertext. A day's grace keeps
    what a running step has stored and not yet named.
    """
    edge = timezone.now() - timedelta(days=1)
    removed = 0
    for folder in sorted({folder for shelf in SHELVES for folder in shelf.folders}):
        named = [shelf.rows() for shelf in SHELVES if folder in shelf.folders]
        for name in storage.stored_names(folder, before=edge):
            if not any(rows.filter(name=name).exists() for rows in named):
                storage.delete(name)
                removed += 1
    return removed


def rotate(shelf: Shelf) -> int:
    """Write the shelf's files anew for its present key; returns how many. May be stopped and run again."""
    key = shelf.key()
    return sum(_rotate(shelf, row, key) for row in _outdated(shelf, key))


def _outdated(shelf: Shelf, key: storage.Key) -> Iterator[Any]:
    rows = shelf.rows().exclude(key_id=key.id)
    if shelf.about:
        rows = rows.select_related(shelf.about)
    return rows.iterator(chunk_size=500)


def _rotate(shelf: Shelf, row: Any, key: storage.Key) -> bool:
    """Write one file anew; whichever copy the row does not name in the end is deleted."""
    new = storage.reencrypt(row.name, key)
    about: Model = getattr(row, shelf.about) if shelf.about else row
    with transaction.atomic():
        here = shelf.rows().filter(pk=row.pk, name=row.name)
        rotated = bool(here.update(name=new.name, key_id=new.key_id))
        if rotated:
            record(Event.KEYS_ROTATED, by=OPERATOR, about=about, file=row.pk, key=new.key_id)
    storage.delete(row.name if rotated else new.name)
    return rotated
