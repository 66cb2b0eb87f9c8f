"""Private notes stay with officials; messages go both ways; what was typed outlives the session."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.forms import BaseForm, BoundField
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from permits.models import Application
from portal.models import User
from tests import factories, permit_factories

Post = Callable[..., HttpResponse]
Read = Callable[..., str]


@pytest.fixture
def case(cast: SimpleNamespace) -> Application:
    return permit_factories.reviewed_application(cast.secretary, cast.official)


def test_the_applicant_never_sees_a_note(
    cast: SimpleNamespace, case: Application, second: User, post: Post, read: Read
) -> None:
    assert post(cast.official, case, "note", text="Epäselvä peruste").status_code == 302
    assert "Epäselvä peruste" in read(second, case)
    for name in ("application", "print"):
        assert "Epäselvä peruste" not in read(cast.secretary, case, name)


def test_an_applicant_can_not_write_a_note(cast: SimpleNamespace, case: Application, post: Post) -> None:
    assert post(cast.secretary, case, "note", text="Hei").status_code == 403
    assert not case.messages.exists()


def test_messages_go_both_ways(cast: SimpleNamespace, case: Application, post: Post, read: Read) -> None:
    sent = post(cast.official, case, "message", text="Milloin ehditte?")
    assert sent["Location"] == reverse("permits:review", args=[case.pk])
    answered = post(cast.secretary, case, "message", text="Ensi viikolla.")
    assert answered["Location"] == reverse("permits:application", args=[case.pk])
    for user, name in ((cast.official, "review"), (cast.secretary, "application")):
        shown = read(user, case, name)
        assert "Milloin ehditte?" in shown
        assert "Ensi viikolla." in shown


def test_an_empty_message_is_refused(cast: SimpleNamespace, case: Application, post: Post) -> None:
    assert post(cast.official, case, "message", text=" ").context["form"].errors
    assert not case.messages.exists()


def test_a_note_typed_in_an_ended_session_waits_for_its_writer(
    cast: SimpleNamespace, case: Application, client: Client
) -> None:
    factories.session_ended(client, cast.official)
    path = reverse("permits:note", args=[case.pk])
    response = client.post(path, {"text": "Pitkä muistiinpano", "seen": ""})
    assert response.status_code == 302
    factories.signed_in(client, cast.official)
    assert "Pitkä muistiinpano" in client.get(path).content.decode()


def test_a_checklist_point_is_noted_with_its_comment(
    cast: SimpleNamespace, case: Application, post: Post, read: Read
) -> None:
    data = {"purpose_verdict": "not_ok", "purpose_comment": "Liian väljä", "legal_basis_verdict": "ok"}
    assert post(cast.official, case, "checklist", **data).status_code == 302
    marks = {mark.item: (mark.verdict, mark.comment) for mark in case.marks.all()}
    assert marks == {"purpose": ("not_ok", "Liian väljä"), "legal_basis": ("ok", "")}
    assert "Liian väljä" in read(cast.official, case)
    assert "Liian väljä" not in read(cast.secretary, case, "application")


@pytest.mark.parametrize("who", ["secretary", "official"])
def test_a_message_with_an_identity_code_is_not_sent(
    cast: SimpleNamespace, case: Application, post: Post, who: str
) -> None:
    response = post(getattr(cast, who), case, "message", text="Koskee henkilöä 131052-308T.")
    assert response.context["form"].errors["text"] == ["Älä kirjoita tähän henkilötunnuksia."]
    assert not case.messages.exists()


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("note", "text"),
        ("ask_information", "text"),
        ("ask_statement", "question"),
        ("return_proposal", "reason"),
    ],
)
def test_no_text_of_an_official_takes_an_identity_code(
    cast: SimpleNamespace, case: Application, post: Post, page: str, field: str
) -> None:
    response = post(cast.official, case, page, **{field: "Koskee henkilöä 131052-308T."})
    assert response.context["form"].errors[field] == ["Älä kirjoita tähän henkilötunnuksia."]


def test_a_point_that_is_not_in_order_says_what_is_wrong(
    cast: SimpleNamespace, case: Application, post: Post
) -> None:
    response = post(cast.official, case, "checklist", purpose_verdict="not_ok", purpose_comment=" ")
    assert list(response.context["form"].errors) == ["purpose_comment"]
    assert not case.marks.exists()


def test_two_who_fill_in_the_checklist_at_once_lose_nothing(
    cast: SimpleNamespace, case: Application, second: User, post: Post, browse: Callable[[User], Client]
) -> None:
    old = case.changed_at.isoformat()
    opened = browse(cast.official).get(reverse("permits:checklist", args=[case.pk])).context["form"]
    mine = {name: one.value() or "" for name, one in fields_of(opened).items()} | {"seen": old}
    post(second, case, "checklist", purpose_verdict="ok")
    mine |= {"legal_basis_verdict": "not_ok", "legal_basis_comment": "Väärä pykälä"}
    response = post(cast.official, case, "checklist", **mine)
    assert response.status_code == 409
    assert "Vera Virkailija" in response.content.decode()
    assert "Väärä pykälä" in response.content.decode()
    again = {name: one.value() or "" for name, one in fields_of(response.context["form"]).items()}
    assert post(cast.official, case, "checklist", **again).status_code == 302
    assert {mark.item: mark.verdict for mark in case.marks.all()} == {
        "purpose": "ok",
        "legal_basis": "not_ok",
    }


def fields_of(form: BaseForm) -> dict[str, BoundField]:
    """What the page would send again if its reader changed nothing."""
    return {field.name: field for field in form}
