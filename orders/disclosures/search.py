"""The search in the disclosure register, by a worker: only there are the codes readable and the key at hand.

    orders.find_disclosures   the codes to keyed hashes, the hashes to the register's rows, the codes gone

What is kept of it are ids of rows, for `SEARCH_RESULT_HOURS` hours.
"""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import oversight_states as states
from orders.delivery.making import person_key
from orders.models import Disclosure, DisclosureSearch
from portal import shelves, storage
from portal.events import MACHINE
from portal.outbox import Lease
from portal.states import Conflict, move

shelves.keep(
    shelves.Shelf(
        "codes of searches",
        ("searches",),
        lambda: DisclosureSearch.objects.exclude(name=""),
        storage.upload_key,
    )
)


def find(lease: Lease) -> None:
    """Find the rows of the person whom the search is about, and forget the codes."""
    search = DisclosureSearch.objects.get(pk=lease.key)
    if search.status != states.SEARCHED:
        lease.finish()
        return
    name, rows = search.name, found([person_key(code, "") for code in _codes(search)])
    with transaction.atomic():
        move(
            search,
            states.FOUND,
            by=MACHINE,
            details={"hits": len(rows)},
            done_at=timezone.now(),
            hits=len(rows),
            result=rows,
            name="",
            key_id="",
        )
        transaction.on_commit(lambda: storage.delete(name), robust=True)
        lease.finish()


def found(persons: list[bytes]) -> list[dict[str, Any]]:
    """The register's rows of the persons, newest first, as ids."""
    rows = Disclosure.objects.filter(person__in=persons).order_by("-at", "-id")
    names = ("at", "row", "field_set", "delivery", "order", "permit", "organisation")
    return [{name: _plain(row[name]) for name in names} for row in rows.values(*names)]


def give_up(search_pk: str) -> None:
    """The search could not be made: the codes go, and the official is told to search again."""
    search = DisclosureSearch.objects.get(pk=search_pk)
    name = search.name
    try:
        move(search, states.FAILED, by=MACHINE, name="", key_id="")
    except Conflict:
        return
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def expire_results() -> int:
    """Delete the results whose time is over; returns how many."""
    edge = timezone.now() - timedelta(hours=settings.SEARCH_RESULT_HOURS)
    over = DisclosureSearch.objects.filter(status=states.FOUND, done_at__lt=edge)
    count = 0
    for search in over.defer("result")[:500]:
        move(search, states.EXPIRED, by=MACHINE, result=[])
        count += 1
    return count


def _codes(search: DisclosureSearch) -> list[str]:
    codes: list[str] = json.loads(b"".join(storage.decrypted_blocks(search.name, storage.upload_key())))
    return codes


def _plain(value: Any) -> Any:
    return (
        value if isinstance(value, int) else value.isoformat() if hasattr(value, "isoformat") else str(value)
    )
