"""Data must not be given to a third party without the registry's permission, decided case by case."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from orders import oversight_states as states
from orders import policies, tasks
from orders.models import Order, ThirdPartyPermission
from orders.third_parties import permissions as third_parties
from orders.third_parties.presentation import standing
from permits.models import Permit
from portal.access import Denied, reason_not_to
from portal.models import AuditEvent
from portal.states import Conflict
from tests import factories


@pytest.fixture
def order(cast, store) -> Order:
    permit = factories.permit(cast.school, register_kind="")
    return factories.delivered_order(cast.secretary, cast.official, under=permit)


@pytest.fixture
def asked(order, cast) -> ThirdPartyPermission:
    return factories.asked_third_party(order, cast.secretary)


def grant(permission: ThirdPartyPermission, official) -> ThirdPartyPermission:
    third_parties.grant(permission, by=official, conditions="Vain kuljetusten järjestämiseen.")
    return permission


def end_permit(order: Order, **changes: object) -> None:
    Permit.objects.filter(pk=order.permit_id).update(**changes)


def form(**changes: object) -> dict[str, object]:
    return {
        "token": str(uuid.uuid4()),
        "recipient": "Männikön kaupunki",
        "business_id": factories.business_id(9_900_000),
        "recipient_email": "kirjaamo@mannikko.example",
        "fields_wanted": ["surname", "street"],
        "purpose": "Koulukuljetukset",
        "legal_ground": "Perusopetuslaki 32 §",
        "protection": "Kahdella käsittelijällä",
        "valid_to": (timezone.localdate() + timedelta(days=30)).isoformat(),
    } | changes


def test_rule_third_party_without_a_permission_data_must_not_be_given_on(order, cast, sign_in) -> None:
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/").content.decode()
    assert f"/orders/{order.pk}/third-parties/new/" in page
    asked = factories.asked_third_party(order, cast.secretary)
    assert reason_not_to(third_parties.check_in_force, asked)
    third_parties.refuse(asked, by=cast.official, reasons="Saajalla on oma tietolupa.")
    assert reason_not_to(third_parties.check_in_force, asked)


def test_rule_third_party_a_granted_permission_holds_for_its_data_and_time(asked, cast, settings) -> None:
    grant(asked, cast.official)
    assert reason_not_to(third_parties.check_in_force, asked) is None
    ThirdPartyPermission.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    asked.refresh_from_db()
    assert reason_not_to(third_parties.check_in_force, asked)
    assert third_parties.end_void() == 1
    asked.refresh_from_db()
    assert (asked.status, asked.ended_reason) == (states.VOID, "time")


@pytest.mark.parametrize("status", ["revoked", "expired"])
def test_rule_third_party_it_is_void_when_the_permit_ends(asked, order, cast, status: str) -> None:
    grant(asked, cast.official)
    end_permit(order, status=status)
    fresh = ThirdPartyPermission.objects.get(pk=asked.pk)
    assert reason_not_to(third_parties.check_in_force, fresh)  # at once, before the clock runs
    assert third_parties.end_void() == 1
    fresh.refresh_from_db()
    assert (fresh.status, fresh.ended_reason) == (states.VOID, "permit")


def test_rule_third_party_it_lasts_no_longer_than_the_permit(cast, store, monkeypatch) -> None:
    last = policies.today() + timedelta(days=10)
    permit = factories.permit(cast.school, register_kind="", valid_to=last)
    order = factories.delivered_order(cast.secretary, cast.official, under=permit)
    with pytest.raises(Denied):
        factories.asked_third_party(order, cast.secretary, valid_to=last + timedelta(days=1))
    asked = grant(factories.asked_third_party(order, cast.secretary, valid_to=last), cast.official)
    monkeypatch.setattr(policies, "today", lambda: last + timedelta(days=1))
    assert third_parties.end_void() == 1
    asked.refresh_from_db()
    assert (asked.status, asked.ended_reason) == (states.VOID, "permit")


def test_a_suspended_permit_stays_the_permission_and_does_not_end_it(asked, order, cast) -> None:
    grant(asked, cast.official)
    end_permit(order, status="suspended")
    assert third_parties.end_void() == 0
    assert standing(ThirdPartyPermission.objects.get(pk=asked.pk))["tone"] == "warning"
    end_permit(order, status="in_force")
    fresh = ThirdPartyPermission.objects.get(pk=asked.pk)
    assert reason_not_to(third_parties.check_in_force, fresh) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"business_id": "1234567-0"},
        {"business_id": ""},
        {"fields_wanted": []},
        {"fields_wanted": ["mother_tongue"]},
        {"valid_to": "2026-01-01"},
        {"purpose": ""},
        {"legal_ground": ""},
        {"protection": " "},
        {"recipient_email": "kirjaamo"},
    ],
)
def test_what_is_missing_or_outside_the_delivery_is_not_asked_for(order, cast, sign_in, changes) -> None:
    answer = sign_in(cast.secretary).post(f"/orders/{order.pk}/third-parties/new/", form(**changes))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "error-summary" in page
    assert f'href="#id_{next(iter(changes))}' in page  # the error leads to its field
    assert not ThirdPartyPermission.objects.exists()


def test_the_own_organisation_is_no_third_party(order, cast) -> None:
    with pytest.raises(Denied):
        factories.asked_third_party(order, cast.secretary, business_id=cast.school.business_id)


def test_nothing_is_asked_for_before_there_is_a_delivery(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    assert client.post(f"/orders/{order.pk}/third-parties/new/", form()).status_code == 302
    assert not ThirdPartyPermission.objects.exists()


def test_the_whole_way_through_the_pages(order, cast, sign_in) -> None:
    data = form()
    client = sign_in(cast.secretary)
    for _ in range(2):  # sent twice, it asks once
        answer = client.post(f"/orders/{order.pk}/third-parties/new/", data)
        assert answer["Location"] == f"/orders/{order.pk}/third-parties/1/"
    asked = ThirdPartyPermission.objects.get()
    client = sign_in(cast.official)
    assert asked.number in client.get("/staff/third-parties/").content.decode()
    case = f"/staff/third-parties/{asked.pk}/"
    assert "error-summary" in client.post(case, {"decision": "grant"}).content.decode()
    assert "error-summary" in client.post(case, {"decision": "refuse"}).content.decode()
    assert client.post(case, {"decision": "grant", "conditions": "Ehdot"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == (states.GRANTED, cast.official)
    assert "Ehdot" in sign_in(cast.colleague).get(f"/orders/{order.pk}/third-parties/1/").content.decode()
    assert asked.number in sign_in(cast.secretary).get(f"/orders/{order.pk}/").content.decode()


@pytest.mark.parametrize("decision", ["grant", "refuse"])
def test_both_organisations_are_told_without_personal_data(asked, cast, decision: str) -> None:
    if decision == "grant":
        grant(asked, cast.official)
    else:
        third_parties.refuse(asked, by=cast.official, reasons="Ei perustetta.")
    before = len(mail.outbox)
    factories.run_jobs()
    sent = {one.to[0]: one for one in mail.outbox[before:]}
    assert sent.keys() == {cast.secretary.email, "kirjaamo@mannikko.example"}
    for one in sent.values():
        assert asked.number in one.subject
        assert "Sihteeri" not in one.body
        assert "kuljetus" not in one.body.lower()


def test_who_asked_and_has_left_the_organisation_is_told_nothing(asked, cast) -> None:
    cast.secretary.memberships.all().delete()
    third_parties.refuse(asked, by=cast.official, reasons="Ei perustetta.")
    before = len(mail.outbox)
    factories.run_jobs()
    told = {one.to[0] for one in mail.outbox[before:]}
    assert told == {cast.colleague.email, "kirjaamo@mannikko.example"}


def test_an_official_of_either_organisation_does_not_decide(asked, cast, sign_in) -> None:
    from portal.models import Membership, Organisation
    from portal.roles import Role

    city = factories.organisation("Männikön kaupunki", "municipality")
    Organisation.objects.filter(pk=city.pk).update(business_id=asked.business_id)
    Membership.objects.create(user=cast.official, organisation=city, role=Role.APPLICANT)
    with pytest.raises(Denied):
        grant(asked, cast.official)
    assert sign_in(cast.official).get(f"/staff/third-parties/{asked.pk}/").status_code == 403


def test_it_is_decided_once_and_not_after_it_was_withdrawn(asked, cast) -> None:
    stale = ThirdPartyPermission.objects.select_related("order__organisation", "permit").get(pk=asked.pk)
    third_parties.withdraw(asked, by=cast.secretary)
    with pytest.raises(Conflict):
        grant(stale, cast.official)
    with pytest.raises(Denied):
        third_parties.refuse(asked, by=cast.official, reasons="Myöhässä")


def test_the_clock_ends_what_is_over(asked, cast, settings) -> None:
    grant(asked, cast.official)
    ThirdPartyPermission.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert tasks.end_third_parties.name in {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.end_third_parties() == 1


def test_every_step_is_audited_with_the_order_and_the_permit(asked, order, cast) -> None:
    grant(asked, cast.official)
    end_permit(order, status="revoked")
    third_parties.end_void()
    events = AuditEvent.objects.filter(object_id=str(asked.pk)).order_by("id")
    assert [one.event for one in events] == ["third_party.asked", "third_party.granted", "third_party.void"]
    assert events[0].details["fields"] == ["street", "surname"]
    assert events[1].details == {"order": str(order.pk), "permit": str(order.permit_id)}


def test_a_stranger_and_another_orders_reader_get_404(asked, order, cast, sign_in) -> None:
    assert sign_in(cast.outsider).get(f"/orders/{order.pk}/third-parties/1/").status_code == 404
    assert sign_in(cast.secretary).get(f"/orders/{order.pk}/third-parties/2/").status_code == 404
