"""Rule 21: uploads and deliveries go when their time is over; the deletion is on record and told."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from orders import states, workflow
from orders.deletion import purge
from orders.delivery import acts as delivery_acts
from orders.models import Order, OrderFile
from portal import shelves
from portal.models import AuditEvent, Job
from tests import factories


def stored(folder: Path) -> int:
    return len(factories.order_files(folder))


@pytest.fixture(autouse=True)
def _nothing_is_kept_for_another_delivery(settings) -> None:
    settings.UPLOAD_DAYS_AFTER_DELIVERY = 0


def purge_now() -> None:
    purge.queue_due()
    factories.run_jobs()


@pytest.fixture
def order(cast, store) -> Order:
    return factories.delivered_order(cast.secretary, cast.official)


def test_rule_21_uploads_go_after_delivery_and_deliveries_stay(order, files_folder: Path) -> None:
    purge_now()
    kinds = order.files.filter(purged_at=None).values_list("kind", flat=True)
    assert set(kinds) == {"csv", "xlsx", "report"}
    assert stored(files_folder) == 3


def test_rule_21_uploads_stay_for_the_days_in_which_the_delivery_can_be_made_anew(order, settings) -> None:
    settings.UPLOAD_DAYS_AFTER_DELIVERY = 14
    Order.objects.update(delivered_at=timezone.now() - timedelta(days=14, minutes=-5))
    purge_now()
    assert order.files.get(kind="material").purged_at is None
    Order.objects.update(delivered_at=timezone.now() - timedelta(days=14, minutes=5))
    purge_now()
    assert order.files.get(kind="material").purged_at is not None
    assert order.files.get(kind="links").purged_at is not None


def test_rule_21_what_a_delivery_is_being_made_of_anew_stays_until_it_is(order, cast) -> None:
    delivery_acts.ask_reissue(order, by=cast.official, by_official=True, cause="damaged", reason="Ei aukea")
    purge.queue_due()
    assert not Job.objects.filter(task="orders.purge_file").exists()
    factories.run_jobs()
    purge_now()
    assert order.files.get(kind="material").purged_at is not None


def test_rule_21_deliveries_go_after_their_last_day(order, files_folder: Path) -> None:
    order.deliveries.update(expires_on=timezone.now().date() - timedelta(days=2))
    purge_now()
    order.refresh_from_db()
    assert order.status == states.PURGED
    assert stored(files_folder) == 0


def test_rule_21_a_purge_leaves_a_receipt_and_tells_the_customer(order, cast) -> None:
    order.deliveries.update(expires_on=timezone.now().date() - timedelta(days=2))
    purge_now()
    receipt = order.files.get(kind="csv")
    assert receipt.purged_at is not None
    assert receipt.sha256
    event = AuditEvent.objects.get(event="delivery.purged", details__file=str(receipt.pk))
    assert event.details["sha256"] == receipt.sha256
    assert mail.outbox[-1].to == [cast.secretary.email]
    assert order.number in mail.outbox[-1].subject


def test_rule_21_a_purge_that_is_repeated_writes_one_receipt(order) -> None:
    purge_now()
    purge_now()
    assert (
        AuditEvent.objects.filter(event="upload.purged").count() == 4
    )  # the material, what its check made of it, and the links


def test_a_cancelled_orders_material_goes_at_once(cast, files_folder: Path) -> None:
    order = factories.checked_order(cast.secretary)
    workflow.cancel(order, by=cast.secretary)
    factories.run_jobs()
    assert stored(files_folder) == 0


def test_an_earlier_material_goes_when_a_better_one_is_sent(cast, files_folder: Path) -> None:
    order = factories.checked_order(cast.secretary)
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    factories.run_jobs()
    kept = OrderFile.objects.filter(purged_at=None)
    assert sorted(kept.values_list("kind", flat=True)) == ["check_report", "material", "sample"]
    assert stored(files_folder) == 3
    assert order.material.file in kept


def test_an_abandoned_draft_is_cancelled_and_its_material_goes(cast, files_folder: Path, settings) -> None:
    order = factories.checked_order(cast.secretary)
    long_ago = timezone.now() - timedelta(days=settings.DRAFT_DAYS + 1)
    Order.objects.update(created_at=long_ago)
    order.materials.update(received_at=long_ago)
    purge_now()
    order.refresh_from_db()
    assert (order.status, order.ended_reason) == (states.CANCELLED, "abandoned")
    assert stored(files_folder) == 0


def test_a_draft_in_use_is_left_alone(cast) -> None:
    order = factories.checked_order(cast.secretary)
    purge_now()
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_a_stored_file_that_no_row_names_is_removed_after_a_day(order, files_folder: Path) -> None:
    named, unnamed = stored(files_folder), files_folder / "materials" / "left-behind.age"
    unnamed.write_bytes(b"of a step that was rolled back")
    assert shelves.remove_unnamed() == 0
    for path in files_folder.rglob("*.age"):
        os.utime(path, (0, 0))
    assert shelves.remove_unnamed() == 1
    assert not unnamed.exists()
    assert stored(files_folder) == named


def test_the_name_that_the_customer_gave_the_file_goes_with_it(order) -> None:
    assert order.material.given_name
    purge_now()
    assert order.material.given_name == ""
