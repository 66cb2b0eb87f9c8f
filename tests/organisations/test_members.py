"""Members and their roles, managed by the organisation itself."""

import pytest
from django.urls import reverse

from portal import members
from portal.access import Denied, organisations_of
from portal.models import AuditEvent
from portal.roles import Role


def member_path(town, user) -> str:  # type: ignore[no-untyped-def]
    return reverse("organisations:member", args=[town.organisation.pk, user.pk])


def roles_of(town, user) -> set[str]:  # type: ignore[no-untyped-def]
    return set(town.organisation.memberships.filter(user=user).values_list("role", flat=True))


def test_a_manager_gives_and_takes_roles(town, sign_in) -> None:
    sign_in(town.manager).post(member_path(town, town.applicant), {"roles": ["signatory", "manager"]})
    assert roles_of(town, town.applicant) == {"signatory", "manager"}
    assert AuditEvent.objects.get(event="member.roles_set").details == {"roles": ["manager", "signatory"]}


def test_a_manager_removes_a_member_and_it_is_audited(town, sign_in) -> None:
    sign_in(town.manager).post(member_path(town, town.applicant), {"act": "remove"})
    assert roles_of(town, town.applicant) == set()
    event = AuditEvent.objects.get(event="member.removed")
    assert (event.actor, event.object_id) == (str(town.manager.pk), str(town.applicant.pk))


def test_who_was_removed_sees_nothing_any_more(town, sign_in) -> None:
    members.remove_member(town.organisation, town.applicant, by=town.manager)
    page = reverse("organisations:detail", args=[town.organisation.pk])
    assert sign_in(town.applicant).get(page).status_code == 404


def test_the_last_manager_can_be_neither_removed_nor_demoted(town, sign_in) -> None:
    client = sign_in(town.manager)
    client.post(member_path(town, town.manager), {"act": "remove"})
    client.post(member_path(town, town.manager), {"roles": ["applicant"]})
    client.post(reverse("organisations:leave", args=[town.organisation.pk]))
    assert roles_of(town, town.manager) == {"applicant", "manager"}
    assert client.get(member_path(town, town.manager)).context["reason"]


def test_a_manager_may_go_when_there_is_another(town) -> None:
    members.set_roles(town.organisation, town.applicant, ["manager"], by=town.manager)
    members.remove_member(town.organisation, town.manager, by=town.applicant)
    assert roles_of(town, town.manager) == set()


def test_a_person_leaves_by_the_own_act(town, sign_in) -> None:
    sign_in(town.signatory).post(reverse("organisations:leave", args=[town.organisation.pk]))
    assert roles_of(town, town.signatory) == set()
    assert AuditEvent.objects.get(event="member.removed").actor == str(town.signatory.pk)


@pytest.mark.parametrize("roles", [[], ["official"], ["applicant", "admin"]])
def test_a_member_has_a_customers_role(town, roles: list[str]) -> None:
    with pytest.raises(Denied):
        members.set_roles(town.organisation, town.applicant, roles, by=town.manager)
    assert roles_of(town, town.applicant) == {"applicant"}


def test_members_see_each_other_and_only_a_manager_can_change(town, sign_in) -> None:
    path = reverse("organisations:detail", args=[town.organisation.pk])
    for user, can_change in ((town.applicant, False), (town.manager, True)):
        page = sign_in(user).get(path).content.decode()
        assert "Simo Signeeraa" in page
        assert (member_path(town, town.signatory) in page) is can_change
    assert sign_in(town.applicant).post(member_path(town, town.signatory)).status_code == 403


def test_an_officials_reading_is_audited(cast, town, sign_in) -> None:
    sign_in(cast.official).get(reverse("organisations:detail", args=[town.organisation.pk]))
    assert AuditEvent.objects.get(event="organisation.read").actor == str(cast.official.pk)


def test_the_signing_official_does_not_order(town) -> None:
    assert organisations_of(town.signatory) == []
    assert organisations_of(town.signatory, Role.SIGNATORY) == [town.organisation]
    assert organisations_of(town.manager, Role.APPLICANT, Role.MANAGER) == [town.organisation]
