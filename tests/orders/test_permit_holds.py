"""Rule 10: without a permit in force nothing is taken in, matched, released or handed out."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from orders import states, workflow
from orders.delivery import downloads
from orders.delivery import making as delivery
from orders.models import Disclosure, Order
from permits import states as permit_states
from permits.access import check_usable, usable_permits
from permits.models import Permit
from portal.access import Denied
from portal.models import AuditEvent, OrganisationKind
from portal.states import move
from tests import factories

TODAY = date(2026, 11, 23)


@pytest.fixture
def own_permit(cast) -> Permit:
    return factories.permit(cast.school)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": permit_states.REVOKED}, "peruutettu"),
        ({"status": permit_states.SUSPENDED}, "keskeytetty"),
        ({"valid_from": date(2027, 1, 1)}, "voimassa"),
        ({"valid_from": date(2026, 1, 1), "valid_to": date(2026, 6, 30)}, "päättyi"),
    ],
    ids=["revoked", "suspended", "not yet valid", "expired"],
)
def test_rule_10_a_permit_that_does_not_hold_is_refused_with_its_reason(cast, change, reason: str) -> None:
    permit = factories.permit(cast.school, **change)
    with pytest.raises(Denied) as denied:
        check_usable(permit, cast.school, TODAY)
    assert permit.number in str(denied.value.reason)
    assert permit not in usable_permits(cast.school, TODAY)


def test_rule_10_a_permit_of_another_organisation_is_refused(cast) -> None:
    with pytest.raises(Denied):
        check_usable(factories.permit(cast.other_school), cast.school, TODAY)


@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if kind != OrganisationKind.REGISTRY])
def test_rule_10_the_standing_permit_covers_only_educational_institutions(
    cast, kind: OrganisationKind
) -> None:
    organisation = factories.organisation("Jokin laitos", kind)
    covered = usable_permits(organisation, TODAY).filter(number="TL-OPPILAITOKSET").exists()
    assert covered == (kind in {OrganisationKind.EDUCATION_DEGREE, OrganisationKind.EDUCATION_OTHER})


def test_rule_10_an_order_under_the_standing_permit_is_of_current_or_former_students(cast) -> None:
    order = factories.checked_order(cast.secretary, students="")
    with pytest.raises(Denied):
        workflow.place(order, by=cast.secretary, accepted_by="Sari Sihteeri", attested=factories.ATTESTED)
    assert order.permit.register_kind == "students"


def test_rule_10_nothing_can_be_uploaded_under_a_revoked_permit(cast, own_permit) -> None:
    order = factories.described_order(cast.secretary, own_permit)
    move(own_permit, permit_states.REVOKED, by=cast.official)
    order.refresh_from_db()
    with pytest.raises(Denied):
        workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    assert not order.materials.exists()


def test_rule_10_an_order_cannot_be_placed_under_a_suspended_permit(cast, own_permit) -> None:
    order = factories.checked_order(cast.secretary, under=own_permit)
    move(own_permit, permit_states.SUSPENDED, by=cast.official)
    order.refresh_from_db()
    with pytest.raises(Denied):
        workflow.place(order, by=cast.secretary, accepted_by="Sari Sihteeri", attested=factories.ATTESTED)


def test_rule_10_an_order_is_rejected_at_match_when_its_permit_is_gone(cast, store, own_permit) -> None:
    order = factories.placed_order(cast.secretary, under=own_permit)
    move(own_permit, permit_states.REVOKED, by=cast.official)
    factories.run_jobs()
    order.refresh_from_db()
    assert (order.status, order.ended_reason) == (states.REJECTED, "permit")
    assert not order.files.filter(purged_at=None).exists()


def test_rule_10_an_order_is_rejected_at_release_when_its_permit_is_gone(cast, store, own_permit) -> None:
    order = factories.ready_order(cast.secretary, under=own_permit)
    workflow.release_early(order, by=cast.official, reason="Kiire")
    move(own_permit, permit_states.REVOKED, by=cast.official)
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == states.REJECTED
    assert not order.deliveries.exists()


def test_rule_10_a_delivery_is_not_handed_out_when_its_permit_is_gone(cast, store, own_permit) -> None:
    order = factories.delivered_order(cast.secretary, cast.official, under=own_permit)
    move(own_permit, permit_states.REVOKED, by=cast.official)
    order = Order.objects.get(pk=order.pk)
    with pytest.raises(Denied):
        downloads.handout(order, "csv", by=cast.secretary)
    assert AuditEvent.objects.filter(event="delivery.refused", object_id=str(order.pk)).exists()


def test_an_expired_delivery_is_not_handed_out(cast, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    order.deliveries.update(expires_on=timezone.now().date() - timedelta(days=2))
    with pytest.raises(Denied):
        downloads.handout(order, "csv", by=cast.secretary)


def test_rule_10_a_permit_that_ends_while_the_delivery_is_made_stops_it(
    cast, own_permit, store, monkeypatch
) -> None:
    order = factories.ready_order(cast.secretary, under=own_permit)
    make = delivery.make

    def made_slowly(*args, **kwargs):  # type: ignore[no-untyped-def]
        made = make(*args, **kwargs)
        move(own_permit, permit_states.REVOKED, by=cast.official)
        return made

    monkeypatch.setattr(delivery, "make", made_slowly)
    factories.release(order, cast.official)
    assert (order.status, order.ended_reason) == (states.REJECTED, "permit")
    assert order.delivery is None
    assert not Disclosure.objects.filter(order=order.pk).exists()
