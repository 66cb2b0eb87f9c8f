"""The sample of a material, shown to its own customer alone, and its findings, as the web opens them."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from orders.models import Material, OrderFile
from portal import storage
from portal.audit import record
from portal.events import Event
from portal.models import User


def shown(material: Material, *, by: User, what: str = "rows") -> dict[str, Any] | None:
    """The sample for a page that shows its rows or `lines`; it is on record who has seen how many."""
    found = sample(material)
    if found is not None:
        rows = len(found[what])
        record(Event.MATERIAL_SAMPLE_READ, by=by, about=material.order, file=material.sample_id, rows=rows)
    return found


def sample(material: Material) -> dict[str, Any] | None:
    """The file's first rows and how they are read (`register.preview`); None where they can't be shown."""
    file = material.sample
    if file is None or file.purged_at is not None:
        return None
    content = b"".join(storage.decrypted_blocks(file.name, storage.delivery_key()))
    found: dict[str, Any] = json.loads(content)
    return found


def findings(file: OrderFile) -> Iterator[list[str]]:
    """Row, kind, reason and field of each finding, as a worker wrote them (`matching.register.findings`)."""
    yield from csv.reader(_lines(file))


def _lines(file: OrderFile) -> Iterator[str]:
    rest = b""
    for block in storage.decrypted_blocks(file.name, storage.delivery_key()):
        *whole, rest = (rest + block).split(b"\n")
        yield from (line.decode() for line in whole)
    if rest:
        yield rest.decode()
