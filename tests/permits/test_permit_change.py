"""Officials suspend, resume and revoke a permit with a reason that its holder sees; orders follow."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from permits import granting, states
from permits.models import Permit, PermitEvent
from portal.access import Denied
from portal.models import AuditEvent
from portal.templatetags.components import day
from tests import factories

REASON = "Valvonnassa on havaittu puutteita lokeissa."


@pytest.fixture
def permit(cast) -> Permit:
    return factories.permit(cast.school, number="TL-7")


def post(client: Client, permit: Permit, act: str, reason: str = REASON) -> int:
    return client.post(reverse(f"permits:{act}", args=[permit.pk]), {"reason": reason}).status_code


def status(permit: Permit) -> str:
    return Permit.objects.get(pk=permit.pk).status


@pytest.mark.parametrize(("act", "to"), [("suspend", states.SUSPENDED), ("revoke", states.REVOKED)])
def test_a_permit_that_is_stopped_refuses_orders_with_the_reason(cast, sign_in, permit, act, to) -> None:
    assert post(sign_in(cast.official), permit, act) == 302
    assert status(permit) == to
    with pytest.raises(Denied, match="TL-7"):
        factories.draft_order(cast.secretary, Permit.objects.get(pk=permit.pk))


def test_the_way_back_from_a_permit_that_is_being_stopped_stops_nothing(cast, sign_in, permit) -> None:
    page = sign_in(cast.official).get(reverse("permits:revoke", args=[permit.pk])).content.decode()
    back = reverse("permits:permit", args=[permit.pk])
    assert f'<a class="button button-plain" href="{back}">' in page


def test_the_holder_sees_the_reason_and_is_told_by_mail_without_it(cast, sign_in, permit) -> None:
    post(sign_in(cast.official), permit, "suspend")
    factories.run_jobs()
    page = sign_in(cast.secretary).get(reverse("permits:permit", args=[permit.pk])).content.decode()
    assert REASON in page
    told = [message for message in mail.outbox if "TL-7" in message.subject]
    assert {cast.secretary.email, cast.colleague.email} <= {one for message in told for one in message.to}
    assert REASON not in " ".join(message.body for message in told)


def test_a_suspended_permit_can_be_used_again(cast, sign_in, permit) -> None:
    client = sign_in(cast.official)
    post(client, permit, "suspend")
    assert post(client, permit, "resume", "Puutteet on korjattu.") == 302
    assert factories.draft_order(cast.secretary, Permit.objects.get(pk=permit.pk))
    assert [one.status for one in PermitEvent.objects.filter(permit=permit)] == ["suspended", "in_force"]
    assert AuditEvent.objects.filter(event="permit.changed", object_id=str(permit.pk)).count() == 2


def test_a_permit_that_begins_later_can_be_used_from_its_first_day(cast, sign_in) -> None:
    first = granting.today() + timedelta(days=30)
    later = factories.permit(cast.school, number="TL-9", valid_from=first, status="suspended")
    address, client = reverse("permits:resume", args=[later.pk]), sign_in(cast.official)
    assert day(first) in client.get(address).content.decode()
    page = client.post(address, {"reason": "Puutteet on korjattu."}, follow=True).content.decode()
    assert f"Lupa ei ole enää keskeytettynä. Sitä voi käyttää {day(first)} alkaen." in page


def test_a_revoked_permit_does_not_come_back(cast, sign_in, permit) -> None:
    client = sign_in(cast.official)
    post(client, permit, "revoke")
    for act in ("resume", "suspend", "revoke"):
        assert post(client, permit, act) == 409
    assert status(permit) == states.REVOKED


def test_a_page_that_is_too_late_leads_to_the_permit_with_the_reason(cast, sign_in, permit) -> None:
    client = sign_in(cast.official)
    post(client, permit, "suspend")
    response = client.get(reverse("permits:suspend", args=[permit.pk]), follow=True)
    assert response.redirect_chain == [(reverse("permits:permit", args=[permit.pk]), 302)]
    assert "tila on ”Keskeytetty”" in response.content.decode().replace("“", "”")


def test_a_reason_that_comes_too_late_is_kept_and_changes_nothing(cast, sign_in, permit) -> None:
    client = sign_in(cast.official)
    post(client, permit, "suspend")
    response = client.post(reverse("permits:suspend", args=[permit.pk]), {"reason": "Toinen syy"})
    assert response.status_code == 409
    assert response.context["form"].non_field_errors()
    assert "Toinen syy" in response.content.decode()
    assert PermitEvent.objects.filter(permit=permit).count() == 1


def test_an_official_who_is_refused_is_not_sent_to_an_organisations_contact_person(
    cast, sign_in, permit
) -> None:
    address = reverse("permits:accept", args=[permit.pk])
    assert "yhteyshenkilö" in sign_in(cast.secretary).get(address).content.decode()
    page = sign_in(cast.official).get(address).content.decode()
    assert "kysy palvelun pääkäyttäjältä" in page
    assert "yhteyshenkilö" not in page


@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_nothing_changes_without_a_reason(cast, sign_in, permit, act: str) -> None:
    client = sign_in(cast.official)
    assert client.get(reverse(f"permits:{act}", args=[permit.pk])).status_code == 200
    assert post(client, permit, act, reason="  ") == 200
    assert status(permit) == states.IN_FORCE


def test_an_administrator_reads_and_changes_nothing(cast, sign_in, permit) -> None:
    client = sign_in(cast.admin)
    page = client.get(reverse("permits:permit", args=[permit.pk]))
    assert reverse("permits:revoke", args=[permit.pk]) not in page.content.decode()
    assert post(client, permit, "revoke") == 403


def test_an_open_order_is_rejected_under_a_revoked_permit_and_its_page_says_why(
    cast, sign_in, permit, store
) -> None:
    order = factories.placed_order(cast.secretary, under=permit)
    post(sign_in(cast.official), permit, "revoke")
    factories.run_jobs()
    page = sign_in(cast.secretary).get(reverse("orders:detail", args=[order.pk])).content.decode()
    order.refresh_from_db()
    assert order.status == "rejected"
    assert "Lupa ei enää salli tilausta" in page or order.ended_reason == "permit"


def test_a_later_version_that_has_not_begun_is_stopped_too(cast) -> None:
    permit = factories.permit(cast.school, number="TL-8")
    later = factories.permit(
        cast.school, number="TL-8", version=2, valid_from=granting.today() + timedelta(days=30)
    )
    granting.suspend(permit, by=cast.official, reason=REASON)
    assert (status(permit), status(later)) == (states.SUSPENDED, states.SUSPENDED)
    granting.resume(permit, by=cast.official, reason=REASON)
    assert (status(permit), status(later)) == (states.IN_FORCE, states.IN_FORCE)
    granting.revoke(permit, by=cast.official, reason=REASON)
    assert (status(permit), status(later)) == (states.REVOKED, states.REVOKED)
