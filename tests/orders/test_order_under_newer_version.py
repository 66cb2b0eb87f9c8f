"""An order whose permit gets a newer version: it goes on, waits for the acceptance, or is refused."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from orders import states, workflow
from orders.delivery import downloads
from orders.models import Order
from orders.ordering import presentation
from permits import granting
from permits.models import Permit
from portal.access import Denied
from portal.models import AuditEvent, Job
from tests import factories

FIELDS = ["hetu", "surname", "given_names", "municipality", "street"]


@pytest.fixture
def first(cast: SimpleNamespace) -> Permit:
    return factories.permit(cast.school, number="TL-1", fields=FIELDS)


def newer(first: Permit, fields: list[str] | None = None, **changes: object) -> Permit:
    """The next version, in force and the one before it replaced."""
    values = {"number": first.number, "version": first.version + 1, "fields": fields or FIELDS}
    made = factories.permit(first.organisation, **(values | changes))  # type: ignore[arg-type]
    granting.begin_due()
    return made


def stored(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_a_draft_goes_on_under_the_newer_version_when_its_register_is_sent(cast, first) -> None:
    order = factories.described_order(cast.secretary, first)
    second = newer(first)
    workflow.send_material(stored(order), by=cast.secretary, upload=factories.upload())
    assert stored(order).permit == second
    row = AuditEvent.objects.get(event="order.under_newer_version", object_id=str(order.pk))
    assert row.details == {"permit": str(second.pk), "version": 2}


def test_the_version_of_the_day_counts_before_the_clock_has_marked_the_old_one(cast, first) -> None:
    order = factories.checked_order(cast.secretary, under=first)
    second = factories.permit(cast.school, number="TL-1", version=2, fields=FIELDS)
    workflow.place(stored(order), by=cast.secretary, accepted_by="Sari Sihteeri", attested=factories.ATTESTED)
    first.refresh_from_db()
    assert (first.status, stored(order).permit) == ("in_force", second)


def test_a_version_of_a_later_day_changes_nothing_yet(cast, first) -> None:
    order = factories.checked_order(cast.secretary, under=first)
    newer(first, valid_from=timezone.localdate() + timedelta(days=1))
    workflow.place(stored(order), by=cast.secretary, accepted_by="Sari Sihteeri", attested=factories.ATTESTED)
    assert stored(order).permit == first


def test_a_draft_cannot_be_placed_with_data_that_the_newer_version_has_lost(cast, first) -> None:
    order = factories.checked_order(cast.secretary, under=first)
    newer(first, fields=FIELDS[:3])
    with pytest.raises(Denied) as denied:
        workflow.place(
            stored(order), by=cast.secretary, accepted_by="Sari Sihteeri", attested=factories.ATTESTED
        )
    assert "TL-1/2" in str(denied.value.reason)
    assert "Kotikunta" in str(denied.value.reason)


def test_the_data_are_chosen_anew_from_the_newer_version(cast, first, sign_in) -> None:
    order = factories.checked_order(cast.secretary, under=first)
    newer(first, fields=FIELDS[:3])
    page = sign_in(cast.secretary).get(reverse("orders:describe", args=[order.pk])).content.decode()
    assert 'value="surname"' in page
    assert 'value="street"' not in page
    workflow.describe(stored(order), by=cast.secretary, fields=["surname"])
    workflow.place(stored(order), by=cast.secretary, accepted_by="Sari Sihteeri", attested=factories.ATTESTED)
    assert stored(order).status == states.PLACED


def test_a_placed_order_is_matched_under_the_newer_version(cast, store, first) -> None:
    order = factories.placed_order(cast.secretary, under=first)
    second = newer(first)
    factories.run_jobs()
    assert (stored(order).status, stored(order).permit) == (states.READY, second)


def test_a_delivery_is_made_and_recorded_under_the_version_of_its_day(cast, store, first) -> None:
    order = factories.ready_order(cast.secretary, under=first)
    second = newer(first, entitled_to_protected=True)
    factories.release(order, cast.official)
    delivery = stored(order).delivery
    assert (delivery.permit, delivery.permit.entitled_to_protected) == (second, True)


def test_a_placed_order_is_rejected_with_the_fields_that_the_newer_version_has_lost(
    cast, store, first
) -> None:
    order = factories.placed_order(cast.secretary, under=first)
    newer(first, fields=FIELDS[:4])
    factories.run_jobs()
    order = stored(order)
    assert (order.status, order.ended_reason) == (states.REJECTED, "fields")
    assert "Katuosoite" in presentation.ended_text(order)
    assert not order.files.filter(purged_at=None).exists()


def test_an_early_release_is_refused_with_the_fields_that_are_lost(cast, store, first) -> None:
    order = factories.ready_order(cast.secretary, under=first)
    newer(first, fields=FIELDS[:4])
    with pytest.raises(Denied, match="Katuosoite"):
        workflow.release_early(stored(order), by=cast.official, reason="Kiire")
    assert stored(order).permit == first


def test_an_order_waits_until_the_newer_version_is_accepted(cast, store, first) -> None:
    order = factories.placed_order(cast.secretary, under=first)
    second = newer(first, accepted=False)
    factories.run_jobs()
    assert stored(order).status == states.PLACED
    factories.accept(second)
    Job.objects.update(run_after=timezone.now())
    factories.run_jobs()
    assert (stored(order).status, stored(order).permit) == (states.READY, second)


def test_the_page_of_a_waiting_order_says_who_must_accept(cast, store, first, sign_in) -> None:
    order = factories.placed_order(cast.secretary, under=first)
    newer(first, accepted=False)
    client, page = sign_in(cast.secretary), reverse("orders:detail", args=[order.pk])
    client.cookies["django_language"] = "en"
    assert (
        "when your organisation&#x27;s signing official has accepted it" in client.get(page).content.decode()
    )


def test_a_delivery_stays_to_be_downloaded_while_the_newer_version_covers_it(cast, store, first) -> None:
    order = factories.delivered_order(cast.secretary, cast.official, under=first)
    newer(first)
    assert downloads.handout(stored(order), "csv", by=cast.secretary).file


@pytest.mark.parametrize(
    "change", [{"fields": FIELDS[:3]}, {"accepted": False}, {"valid_to": date(2026, 3, 1)}]
)
def test_a_delivery_is_not_handed_out_that_the_newer_version_does_not_allow(
    cast, store, first, change
) -> None:
    order = factories.delivered_order(cast.secretary, cast.official, under=first)
    factories.permit(first.organisation, **({"number": "TL-1", "version": 2, "fields": FIELDS} | change))
    with pytest.raises(Denied):
        downloads.handout(stored(order), "csv", by=cast.secretary)


def test_data_under_a_turvakielto_are_not_handed_out_once_the_entitlement_is_gone(cast, store) -> None:
    first = factories.permit(cast.school, number="TL-1", fields=FIELDS, entitled_to_protected=True)
    order = factories.delivered_order(cast.secretary, cast.official, under=first)
    newer(first)
    with pytest.raises(Denied):
        downloads.handout(stored(order), "csv", by=cast.secretary)


def test_a_permit_that_covers_nothing_cannot_be_ordered_under(cast, sign_in) -> None:
    nothing = factories.permit(cast.school, scopes={})
    with pytest.raises(Denied):
        factories.draft_order(cast.secretary, nothing)
    page = sign_in(cast.secretary).get(reverse("orders:new")).content.decode()
    assert f'value="{nothing.pk}"' not in page
    assert str(nothing) in page
