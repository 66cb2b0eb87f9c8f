"""A legal hold: nothing of its order is purged while it is open; lifting it lets the purge go on."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from orders import emails, states, workflow
from orders.deletion import holds, purge
from orders.models import LegalHold, Order, Upload
from portal.access import Denied
from portal.models import AuditEvent, Job
from tests import factories, tus
from tests.orders.test_clearing_pages import EN


def stored(folder: Path) -> int:
    return len(factories.order_files(folder))


def purge_now() -> None:
    purge.queue_due()
    factories.run_jobs()


@pytest.fixture
def order(cast, store, settings) -> Order:
    settings.UPLOAD_DAYS_AFTER_DELIVERY = 0
    return factories.delivered_order(cast.secretary, cast.official)


def expire(order: Order) -> None:
    order.deliveries.update(expires_on=timezone.now().date() - timedelta(days=2))


def test_rule_21_nothing_of_a_held_order_is_purged(order, cast, files_folder: Path) -> None:
    before = stored(files_folder)
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    expire(order)
    purge_now()
    order.refresh_from_db()
    assert stored(files_folder) == before
    assert order.status == states.DELIVERED
    assert order.files.filter(purged_at=None).count() == order.files.count()


def test_rule_21_a_lifted_hold_lets_the_purge_go_on(order, cast, files_folder: Path) -> None:
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    expire(order)
    purge_now()
    holds.lift(order, by=cast.admin, reason="Kantelu on ratkaistu")
    purge_now()
    order.refresh_from_db()
    assert (stored(files_folder), order.status) == (0, states.PURGED)


def test_a_purge_that_was_queued_before_the_hold_finds_it(order, cast, files_folder: Path) -> None:
    before = stored(files_folder)
    purge.queue_due()
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    factories.run_jobs()
    assert stored(files_folder) == before
    assert AuditEvent.objects.filter(event="purge.held").count() == 4
    holds.lift(order, by=cast.admin, reason="Kantelu on ratkaistu")
    factories.run_jobs()  # what waited is queued by the lifting itself
    assert set(order.files.filter(purged_at=None).values_list("kind", flat=True)) == {"csv", "xlsx", "report"}


def test_a_material_that_is_replaced_under_a_hold_goes_when_it_is_lifted(cast, files_folder: Path) -> None:
    order = factories.checked_order(cast.secretary)
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    factories.run_jobs()
    assert stored(files_folder) == 6  # each register with the report of its check and its first rows
    holds.lift(order, by=cast.admin, reason="Kantelu on ratkaistu")
    factories.run_jobs()
    gone = order.files.exclude(purged_at=None)
    assert [file.purge_rule for file in gone] == ["replaced"] * 3
    assert stored(files_folder) == 3


def test_what_a_held_order_is_cancelled_with_stays(cast, files_folder: Path) -> None:
    order = factories.checked_order(cast.secretary)
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    workflow.cancel(order, by=cast.secretary)
    purge_now()
    assert stored(files_folder) == 3


def test_a_held_order_that_is_cancelled_says_that_its_register_is_kept(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    workflow.cancel(order, by=cast.secretary)
    page, kept = reverse("orders:detail", args=[order.pk]), "Lähettämäsi rekisteri säilytetään toistaiseksi."
    assert kept in sign_in(cast.secretary).get(page).content.decode()
    holds.lift(order, by=cast.admin, reason="Kantelu on ratkaistu")
    ended = sign_in(cast.secretary).get(page).content.decode()
    assert kept not in ended
    assert "Lähettämäsi rekisteri poistetaan." in ended


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_what_arrived_of_an_unfinished_upload_stays_until_the_hold_is_lifted(
    cast, sign_in, files_folder: Path, end: str
) -> None:
    client, order = sign_in(cast.secretary), factories.described_order(cast.secretary)
    upload = tus.begun(client, order)
    tus.patch(client, upload, tus.REGISTER[:20])
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    if end == "cancelled":
        tus.delete(client, upload)
    Upload.objects.update(expires_at=timezone.now())
    purge_now()
    upload.refresh_from_db()
    assert (upload.status, upload.parts.count(), stored(files_folder)) == (end, 1, 1)
    assert AuditEvent.objects.filter(event="purge.held", object_id=str(order.pk)).exists()
    holds.lift(order, by=cast.admin, reason="Kantelu on ratkaistu")
    factories.run_jobs()
    assert (upload.parts.count(), stored(files_folder)) == (0, 0)


def test_a_held_draft_is_not_abandoned(cast, settings) -> None:
    order = factories.checked_order(cast.secretary)
    long_ago = timezone.now() - timedelta(days=settings.DRAFT_DAYS + 1)
    Order.objects.update(created_at=long_ago)
    order.materials.update(received_at=long_ago)
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    purge_now()
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_an_order_is_held_once_at_a_time(order, cast) -> None:
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    with pytest.raises(Denied):
        holds.place(order, by=cast.admin, reason="Toinen")
    with pytest.raises(IntegrityError, match="one_open_hold_an_order"), transaction.atomic():
        LegalHold.objects.create(order=order, placed_by=cast.admin, reason="Toinen")


def test_a_hold_and_its_end_need_reasons_and_are_audited(order, cast) -> None:
    with pytest.raises(Denied):
        holds.place(order, by=cast.admin, reason="  ")
    holds.place(order, by=cast.admin, reason="Kantelu 12/2026")
    with pytest.raises(Denied):
        holds.lift(order, by=cast.admin, reason=" ")
    holds.lift(order, by=cast.admin, reason="Kantelu on ratkaistu")
    with pytest.raises(Denied):
        holds.lift(order, by=cast.admin, reason="Uudelleen")
    events = AuditEvent.objects.filter(event__startswith="legal_hold.").order_by("id")
    assert [one.event for one in events] == ["legal_hold.placed", "legal_hold.lifted"]
    assert "Kantelu" not in str(list(events.values()))


def test_only_an_administrator_who_is_no_member_places_a_hold(order, cast, sign_in) -> None:
    address = f"/staff/orders/{order.pk}/hold/"
    assert sign_in(cast.official).post(address, {"reason": "Kantelu"}).status_code == 403
    assert sign_in(cast.secretary).post(address, {"reason": "Kantelu"}).status_code == 403
    client = sign_in(cast.admin)
    assert client.post(address, {"reason": ""}).status_code == 200
    assert order.open_hold is None
    assert client.post(address, {"reason": "Kantelu"}).status_code == 302
    assert order.open_hold is not None


def test_the_customer_sees_that_there_is_a_hold_and_not_why(order, cast, sign_in) -> None:
    holds.place(order, by=cast.admin, reason="Poliisin pyyntö", told="Kysy kirjaamosta.")
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/").content.decode()
    assert "Kysy kirjaamosta." in page
    assert "Poliisin" not in page
    assert "Poliisin" in sign_in(cast.official).get("/staff/holds/").content.decode()


def test_a_held_delivery_names_no_day_of_deletion_but_says_that_it_waits(order, cast, sign_in) -> None:
    holds.place(order, by=cast.admin, reason="Poliisin pyyntö")
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/", **EN).content.decode()
    assert "For the present nothing of it is deleted." in page
    assert "after that day it is deleted" not in page
    page = sign_in(cast.official).get(f"/orders/{order.pk}/", **EN).content.decode()
    assert "It is not deleted while the legal hold lasts." in page


def test_a_held_register_is_not_said_to_be_deleted_on_a_day(cast, store, sign_in, settings) -> None:
    settings.CUSTOMER_REISSUES = 1
    order = factories.delivered_order(cast.secretary, cast.official)
    holds.place(order, by=cast.admin, reason="Poliisin pyyntö")
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/", **EN).content.decode()
    assert "when the register is deleted" not in page
    assert "while the register is kept. For the present it is not deleted." in page
    assert "the present files are deleted" not in page
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/reissue/", **EN).content.decode()
    assert "for the present they are not deleted" in page


def test_who_cancels_a_held_order_is_not_told_that_its_register_is_deleted(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    holds.place(order, by=cast.admin, reason="Poliisin pyyntö")
    for path in ("", "cancel/"):
        page = sign_in(cast.secretary).get(f"/orders/{order.pk}/{path}", **EN).content.decode()
        assert "is then deleted" not in page
        assert "The register that you sent is deleted" not in page


@pytest.mark.parametrize("notice", ["delivered", "reissued", "expiring"])
def test_no_mail_names_a_day_of_deletion_of_a_held_order(order, cast, notice: str) -> None:
    holds.place(order, by=cast.admin, reason="Poliisin pyyntö")
    mail.outbox.clear()
    Job.objects.filter(task="orders.mail").delete()
    getattr(emails, notice)(order)
    factories.run_jobs()
    (message,) = mail.outbox
    assert f"/orders/{order.pk}/" in message.body
    assert "poiste" not in message.body
    assert "poistamme" not in message.body
