"""Asking to join an organisation by its business ID, and the answer."""

import pytest
from django.core import mail
from django.urls import reverse

from portal import members
from portal.access import Denied
from portal.models import JoinRequest
from tests import factories


def ask(client, business_id: str):  # type: ignore[no-untyped-def]
    return client.post(
        reverse("organisations:join"), {"business_id": business_id, "text": "Olen kirjaamosta."}
    )


@pytest.fixture
def asked(town) -> JoinRequest:
    return members.request_to_join(town.organisation, by=town.newcomer, text="Olen kirjaamosta.")


def path_of(asked: JoinRequest) -> str:
    return reverse("organisations:answer", args=[asked.organisation_id, asked.pk])


def test_a_request_reaches_the_managers_by_mail_that_names_nobody(town, sign_in) -> None:
    assert ask(sign_in(town.newcomer), town.organisation.business_id).status_code == 302
    assert JoinRequest.objects.get().user == town.newcomer
    factories.run_jobs()
    assert [one.to for one in mail.outbox] == [[town.manager.email]]
    assert "Uuno" not in mail.outbox[0].body + mail.outbox[0].subject
    assert "kirjaamo" not in mail.outbox[0].body


def test_a_manager_admits_with_roles(town, asked, sign_in) -> None:
    sign_in(town.manager).post(path_of(asked), {"act": "admit", "roles": ["signatory"]})
    assert list(town.newcomer.memberships.values_list("role", flat=True)) == ["signatory"]
    asked.refresh_from_db()
    assert (asked.admitted, asked.decided_by) == (True, town.manager)
    factories.run_jobs()
    assert town.newcomer.email in [one.to[0] for one in mail.outbox]


def test_a_manager_turns_down(town, asked, sign_in) -> None:
    sign_in(town.manager).post(path_of(asked), {"act": "turn_down"})
    asked.refresh_from_db()
    assert asked.admitted is False
    assert not town.newcomer.memberships.exists()


def test_of_two_answers_the_first_holds(town, asked) -> None:
    members.turn_down(asked, by=town.manager)
    with pytest.raises(Denied):
        members.admit(asked, by=town.manager, roles=["applicant"])
    assert not town.newcomer.memberships.exists()


def test_only_a_manager_answers(town, asked, sign_in) -> None:
    assert sign_in(town.applicant).post(path_of(asked), {"act": "admit"}).status_code == 403


def test_who_has_asked_or_is_a_member_does_not_ask_again(town, asked, sign_in) -> None:
    for user in (town.newcomer, town.applicant):
        response = ask(sign_in(user), town.organisation.business_id)
        assert "business_id" in response.context["form"].errors
    assert JoinRequest.objects.count() == 1


@pytest.mark.parametrize("number", ["9000000-0", "1234567-1"])
def test_an_unknown_business_id_is_told_so(town, sign_in, number: str) -> None:
    assert "business_id" in ask(sign_in(town.newcomer), number).context["form"].errors


def test_nobody_joins_the_registry_or_an_organisation_without_a_manager(cast, town, sign_in) -> None:
    for organisation in (cast.registry, cast.school):
        response = ask(sign_in(town.newcomer), organisation.business_id)
        assert "business_id" in response.context["form"].errors
    assert not JoinRequest.objects.exists()
