"""A legal hold that is placed while the purge of a file runs: one of them is first, and the other sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orders import workflow
from orders.deletion import holds
from orders.models import Order
from portal.models import AuditEvent
from tests import factories
from tests.at_once import at_once, database_copy


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), database_copy():
        yield


@pytest.mark.parametrize("_", range(4))
def test_a_file_is_either_purged_with_its_receipt_or_held(cast, files_folder: Path, _: int) -> None:
    order = factories.checked_order(cast.secretary)
    file = order.material.file
    workflow.cancel(order, by=cast.secretary)

    def hold() -> None:
        holds.place(Order.objects.get(pk=order.pk), by=cast.admin, reason="Kantelu")

    at_once(factories.run_jobs, hold)
    file.refresh_from_db()
    is_there = (files_folder / file.name).exists()  # of the order's other files some may have gone before
    told = set(AuditEvent.objects.filter(details__file=str(file.pk)).values_list("event", flat=True))
    assert (file.purged_at is None) == is_there
    assert told - {"upload.received"} == {"purge.held" if is_there else "upload.purged"}
