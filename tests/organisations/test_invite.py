"""Inviting a member by e-mail, and accepting."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from portal import members, organisations
from portal.models import AuditEvent, Invitation, Job, User
from tests import factories


@pytest.fixture
def invite(town, sign_in):  # type: ignore[no-untyped-def]
    """The manager invites an address; returns the link's path, as the message tells it."""

    def inviting(email: str, *roles: str) -> str:
        data = {"email": email, "roles": roles or ("applicant", "signatory")}
        response = sign_in(town.manager).post(
            reverse("organisations:invite", args=[town.organisation.pk]), data
        )
        assert response.status_code == 302
        factories.run_jobs()
        found = re.search(r"https?://[^/\s]+(/invitations/\S+)", mail.outbox[-1].body)
        assert found
        return found[1]

    return inviting


def test_the_invited_person_accepts_and_has_the_roles(town, sign_in, invite, client) -> None:
    link = invite(town.newcomer.email.upper())
    assert mail.outbox[-1].to == [town.newcomer.email]
    page = sign_in(town.newcomer).get(link)
    path = reverse("organisations:accept", args=[page.context["invitation"].pk])
    assert path in page.content.decode()
    client.post(path)
    assert set(town.newcomer.memberships.values_list("role", flat=True)) == {"applicant", "signatory"}
    assert client.get(link).context["reason"]
    assert client.post(path).status_code == 404


def test_who_is_not_signed_in_is_led_to_sign_in_or_sign_up_and_back(town, invite, client) -> None:
    link = invite("uusi@koivula.example")
    client.logout()
    page = client.get(link).content.decode()
    assert f"/accounts/login/?next={link}" in page
    assert f"/accounts/signup/?next={link}" in page


def test_another_persons_invitation_is_refused_with_the_reason(town, sign_in, invite, client) -> None:
    link = invite("uusi@koivula.example")
    page = sign_in(town.newcomer).get(link, headers={"accept-language": "en"})
    assert "another e-mail address" in str(page.context["reason"])
    assert "Sign out, and sign in with" in page.content.decode()
    assert client.post(reverse("organisations:accept", args=[Invitation.objects.get().pk])).status_code == 404
    assert not town.newcomer.memberships.exists()


def test_an_address_that_is_not_confirmed_does_not_count(town, sign_in, invite) -> None:
    link = invite(town.newcomer.email)
    town.newcomer.emailaddress_set.update(verified=False)
    assert sign_in(town.newcomer).get(link).context["reason"]


def test_only_the_hash_of_the_token_is_kept(town, invite) -> None:
    token = invite("uusi@koivula.example").split("/")[2]
    assert Invitation.objects.get().token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(list(Job.objects.values_list("payload", "key")))


def test_invited_again_the_old_link_dies_and_one_invitation_remains(town, sign_in, invite, client) -> None:
    old, new = invite(town.newcomer.email), invite(town.newcomer.email, "manager")
    sign_in(town.newcomer)
    assert client.get(old).status_code == 404
    assert client.get(new).context["reason"] is None
    assert Invitation.objects.get().roles == ["manager"]


def test_an_invitation_expires_and_can_be_withdrawn(town, sign_in, invite, client) -> None:
    late = invite(town.newcomer.email)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(late).context["reason"]
    withdrawn = invite(town.newcomer.email)
    found = Invitation.objects.get()
    client.post(reverse("organisations:withdraw", args=[town.organisation.pk, found.pk]))
    assert client.get(withdrawn).context["reason"]
    sign_in(town.newcomer)
    assert client.post(reverse("organisations:accept", args=[found.pk])).status_code == 404


@pytest.mark.parametrize("act", ["removed", "demoted"])
def test_who_manages_no_more_has_invited_nobody(town, sign_in, invite, client, act: str) -> None:
    link = invite(town.newcomer.email)
    members.set_roles(town.organisation, town.applicant, ["manager"], by=town.manager)
    if act == "removed":
        members.remove_member(town.organisation, town.manager, by=town.applicant)
    else:
        members.set_roles(town.organisation, town.manager, ["applicant"], by=town.applicant)
    assert Invitation.objects.get().withdrawn_at
    assert AuditEvent.objects.get(event="member.invitation_withdrawn").actor == str(town.applicant.pk)
    assert sign_in(town.newcomer).get(link).context["reason"]


def test_the_invitation_by_a_manager_who_stays_holds(town, sign_in, invite, client) -> None:
    invite(town.newcomer.email)
    members.set_roles(town.organisation, town.manager, ["manager", "signatory"], by=town.manager)
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("change", ["closed", "no member"])
def test_at_the_acceptance_the_inviter_must_still_manage_the_members(
    town, sign_in, invite, client, change: str
) -> None:
    link = invite(town.newcomer.email)
    if change == "closed":
        User.objects.filter(pk=town.manager.pk).update(is_active=False)
    else:
        town.manager.memberships.all().delete()
    page = sign_in(town.newcomer).get(link, headers={"accept-language": "en"})
    assert "no longer manages" in str(page.context["reason"])
    assert "Sign out" not in page.content.decode().split("<main")[1]
    client.post(reverse("organisations:accept", args=[Invitation.objects.get().pk]))
    assert not town.newcomer.memberships.exists()


def test_what_a_member_of_the_registrys_staff_invited_to_holds(cast, town, sign_in) -> None:
    made = members.invite(town.organisation, by=cast.official, email=town.newcomer.email, roles=["manager"])
    members.accept_invitation(made, by=town.newcomer)
    assert town.newcomer.memberships.filter(role="manager").exists()


def test_the_mail_of_an_unverified_organisation_names_its_business_id_alone(cast, town, registered) -> None:
    members.invite(registered, by=town.newcomer, email="uusi@koivula.example", roles=["applicant"])
    factories.run_jobs()
    assert registered.name not in mail.outbox[-1].body + mail.outbox[-1].subject
    assert registered.business_id in mail.outbox[-1].body
    organisations.verify(registered, by=cast.official)
    members.invite(registered, by=town.newcomer, email="toinen@koivula.example", roles=["applicant"])
    factories.run_jobs()
    assert registered.name in {one.to[0]: one.body for one in mail.outbox}["toinen@koivula.example"]


def test_a_member_is_not_invited_twice(town, sign_in) -> None:
    data = {"email": town.applicant.email, "roles": ["applicant"]}
    response = sign_in(town.manager).post(reverse("organisations:invite", args=[town.organisation.pk]), data)
    assert "email" in response.context["form"].errors


@pytest.mark.parametrize("role", ["official", "admin"])
def test_nobody_is_invited_to_a_role_of_the_registry(town, sign_in, role: str) -> None:
    data = {"email": "uusi@koivula.example", "roles": [role]}
    sign_in(town.manager).post(reverse("organisations:invite", args=[town.organisation.pk]), data)
    assert not Invitation.objects.exists()


def test_only_a_manager_invites(town, sign_in) -> None:
    path = reverse("organisations:invite", args=[town.organisation.pk])
    assert sign_in(town.applicant).get(path).status_code == 403
    assert sign_in(town.signatory).post(path).status_code == 403


def test_the_manager_sees_for_which_roles_and_until_when_an_invitation_waits(town, sign_in, invite) -> None:
    invite("uusi@koivula.example", "applicant", "manager")
    address = reverse("organisations:detail", args=[town.organisation.pk])
    page = sign_in(town.manager).get(address, headers={"accept-language": "en"}).content.decode()
    waiting = page[page.index("Open invitations") :]
    ends = timezone.localtime(Invitation.objects.get().expires_at)
    assert "Applicant, Manager of members" in waiting
    assert f"until {ends:%-d %B %Y}" in waiting
