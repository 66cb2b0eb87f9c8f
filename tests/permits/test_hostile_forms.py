"""What a hostile or unlucky sender can put into the forms of permits: told at the form, never a fault."""

from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.urls import reverse

from permits import workflow
from permits.access import visible_applications
from permits.models import Submission
from portal.models import User
from portal.roles import Role
from tests import factories
from tests import permit_factories as made


def test_the_name_stays_as_typed_where_the_application_changed_meanwhile(
    cast: SimpleNamespace, sign_in
) -> None:
    case = made.filled_application(cast.secretary)
    sent = {"seen": "old", "committed_by": "Sari Sihteeri", "committed": "on"}
    response = sign_in(cast.secretary).post(reverse("permits:submit", args=[case.pk]), sent)
    assert response.context["form"]["committed_by"].value() == "Sari Sihteeri"
    assert not Submission.objects.exists()


def test_a_withdrawn_draft_is_not_there_for_officials(cast: SimpleNamespace, sign_in) -> None:
    case = made.filled_application(cast.secretary)
    workflow.withdraw(case, by=cast.secretary)
    client = sign_in(cast.official)
    names = ["permits:review", "permits:print", "api_permits:application"]
    assert {client.get(reverse(name, args=[case.pk])).status_code for name in names} == {404}
    assert client.get(reverse("api_permits:applications")).json()["results"] == []


def test_the_token_of_anothers_application_begins_nothing_on_paper(cast: SimpleNamespace, sign_in) -> None:
    theirs = made.application(cast.secretary)
    sent = {"token": theirs.pk, "business_id": cast.other_school.business_id, "received_on": "2026-11-20"}
    response = sign_in(cast.official).post(reverse("permits:paper"), sent | {"language": "fi"})
    assert response.context["form"].non_field_errors()
    assert response.context["form"]["token"].value() != str(theirs.pk)


@pytest.mark.parametrize(
    "seen", ["", "never", "2026-11-23", "2026-11-23T10:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_who_does_not_say_what_was_seen_decides_nothing(cast: SimpleNamespace, sign_in, seen: str) -> None:
    preparer = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    case = made.proposed_application(cast.secretary, preparer)
    response = sign_in(cast.official).post(reverse("permits:decide", args=[case.pk]), {"seen": seen})
    assert response.status_code == 409
    case.refresh_from_db()
    assert case.status == "proposed"


def test_an_address_too_long_for_the_register_is_told_at_its_field(cast: SimpleNamespace, sign_in) -> None:
    case = made.application(cast.secretary)
    sent = {"email": f"x@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 30}.example"}
    response = sign_in(cast.secretary).post(reverse("permits:share", args=[case.pk]), sent)
    assert response.context["form"].errors["email"]


@pytest.mark.parametrize(
    "query",
    [
        "organisations:staff_list?show=all&q=%00",
        "organisations:staff_list?show=all&after=%00~x",
        "permits:queue?q=%00",
        "permits:register?after=%00~1",
        "permits:staff_permits?q=%00",
    ],
)
def test_a_nul_in_an_address_is_no_fault(cast: SimpleNamespace, sign_in, query: str) -> None:
    name, _mark, rest = query.partition("?")
    assert sign_in(cast.official).get(f"{reverse(name)}?{rest}").status_code == 200


def test_what_was_shared_before_the_account_is_read_once_the_address_is_confirmed(cast, rf) -> None:
    case = made.submitted_application(cast.secretary)
    workflow.share(case, by=cast.secretary, email="uuno@newcomer.example")
    reader = User.objects.create_user("uuno@newcomer.example", name="Uuno")
    assert not visible_applications(reader).exists()
    address = EmailAddress.objects.create(user=reader, email=reader.email, primary=True)
    email_confirmed.send(EmailAddress, request=rf.get("/"), email_address=address)
    assert visible_applications(reader).get() == case
