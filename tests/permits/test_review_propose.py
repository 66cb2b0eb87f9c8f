"""A proposal: in full, in part, to reject; looked at before it is made; returned; lost to nobody."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from permits import checklist, granting, handling, states
from permits.form import form_spec
from permits.models import Application
from portal.models import User
from tests import permit_factories

Post = Callable[..., HttpResponse]
Read = Callable[..., str]
REASONS = "Tarve on osoitettu."


@pytest.fixture
def case(cast: SimpleNamespace) -> Application:
    return permit_factories.reviewed_application(cast.secretary, cast.official)


def typed(case: Application, **changes: object) -> dict[str, object]:
    wanted = form_spec.wanted_scopes(case.answers)["person"]
    return {"outcome": "approve", "scope_person": wanted, "reasons": REASONS, "act": "propose"} | changes


def test_all_wanted_fields_are_ticked_at_first(
    cast: SimpleNamespace, case: Application, browse: Callable
) -> None:
    response = browse(cast.official).get(reverse("permits:propose", args=[case.pk]))
    form = response.context["form"]
    assert form["scope_person"].value() == form_spec.wanted_scopes(case.answers)["person"]


def test_a_preview_changes_nothing(cast: SimpleNamespace, case: Application, post: Post) -> None:
    response = post(cast.official, case, "propose", **typed(case, act="preview"))
    text = response.content.decode()
    assert REASONS in text
    assert "hallinto-oikeu" in text
    assert case.status == states.IN_REVIEW


def test_the_preview_goes_on_to_the_proposal(cast: SimpleNamespace, case: Application, post: Post) -> None:
    assert post(cast.official, case, "propose", **typed(case)).status_code == 302
    assert case.status == states.PROPOSED
    assert case.proposals.get().outcome == "approve"


def test_a_field_left_out_is_granted_in_part(
    cast: SimpleNamespace, case: Application, post: Post, read: Read
) -> None:
    fewer = form_spec.wanted_scopes(case.answers)["person"][:-1]
    post(cast.official, case, "propose", **typed(case, scope_person=fewer))
    proposal = case.proposals.get()
    assert (proposal.outcome, proposal.scopes) == ("approve_in_part", {"person": fewer})
    assert "Ei myönnetä: Henkilöt" in read(cast.official, case)


def test_a_rejection_holds_no_fields(cast: SimpleNamespace, case: Application, post: Post) -> None:
    post(cast.official, case, "propose", **typed(case, outcome="reject"))
    proposal = case.proposals.get()
    assert (proposal.outcome, proposal.scopes, proposal.valid_from) == ("reject", {}, None)


def test_what_was_not_applied_for_can_not_be_granted(
    cast: SimpleNamespace, case: Application, post: Post
) -> None:
    response = post(cast.official, case, "propose", **typed(case, scope_person=["sex"]))
    assert response.context["form"].errors["scope_person"]
    assert not case.proposals.exists()


@pytest.mark.parametrize(
    "wrong", [{"scope_person": []}, {"reasons": " "}, {"valid_to": "2020-01-01"}, {"valid_from": "eilen"}]
)
def test_what_can_not_be_decided_is_not_proposed(
    cast: SimpleNamespace, case: Application, post: Post, wrong: dict[str, object]
) -> None:
    response = post(cast.official, case, "propose", **typed(case, conditions="Ehto säilyy", **wrong))
    assert response.context["form"].errors
    assert "Ehto säilyy" in response.content.decode()
    assert case.status == states.IN_REVIEW


def test_protected_data_are_granted_only_where_ticked(cast: SimpleNamespace, post: Post) -> None:
    answers = permit_factories.complete_answers(protected_needed="yes", protected_ground="Laki X 1 §")
    case = permit_factories.reviewed_application(cast.secretary, cast.official, answers)
    post(cast.official, case, "propose", **typed(case))
    proposal = case.proposals.get()
    assert (proposal.entitled_to_protected, proposal.outcome) == (False, "approve_in_part")


def test_a_long_proposal_is_kept_where_another_was_first(
    cast: SimpleNamespace, case: Application, second: User, post: Post
) -> None:
    old = case.changed_at.isoformat()
    permit_factories.propose(case, second)
    response = post(cast.official, case, "propose", **typed(case, seen=old, conditions="Oma ehto"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Oma ehto" in text
    assert "Vera Virkailija: Esitti päätöstä" in text
    assert "aria-disabled" in text
    assert case.proposals.get().made_by == second


def test_a_returned_proposal_is_the_next_ones_start(
    cast: SimpleNamespace, case: Application, second: User, post: Post, browse: Callable
) -> None:
    permit_factories.propose(case, cast.official, conditions="Vuosittainen raportti")
    assert post(second, case, "return_proposal", reason="Täsmentäkää ehtoa").status_code == 302
    assert case.status == states.IN_REVIEW
    response = browse(cast.official).get(reverse("permits:propose", args=[case.pk]))
    assert response.context["form"]["conditions"].value() == "Vuosittainen raportti"
    assert "Täsmentäkää ehtoa" in response.content.decode()


def test_a_return_needs_its_reason(
    cast: SimpleNamespace, case: Application, second: User, post: Post
) -> None:
    permit_factories.propose(case, cast.official)
    assert post(second, case, "return_proposal", reason="").context["form"].errors["reason"]
    assert case.status == states.PROPOSED


def test_open_points_of_the_checklist_are_told_and_hinder_nothing(
    cast: SimpleNamespace, case: Application, second: User, post: Post, read: Read
) -> None:
    handling.mark(
        case, by=cast.official, marks={"purpose": ("not_ok", "Liian väljä"), "legal_basis": ("ok", "")}
    )
    told = "1 kohta ei ole kunnossa. 7 kohtaa on tarkistamatta."
    shown = read(cast.official, case, "propose")
    assert told in shown
    assert reverse("permits:checklist", args=[case.pk]) in shown
    assert post(cast.official, case, "propose", **typed(case)).status_code == 302
    assert told in read(second, case, "decide")


def test_a_checklist_in_order_is_not_told_of(cast: SimpleNamespace, case: Application, read: Read) -> None:
    handling.mark(case, by=cast.official, marks=dict.fromkeys(checklist.ITEMS, ("ok", "")))
    assert "Tarkistuslistalla on avoimia kohtia" not in read(cast.official, case, "propose")


@pytest.mark.parametrize("field", ["valid_to", "valid_from"])
def test_a_day_that_can_not_be_is_told_at_its_field(
    cast: SimpleNamespace, case: Application, post: Post, field: str
) -> None:
    response = post(cast.official, case, "propose", **typed(case, **{field: "2020-01-01"}))
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(
    ("asked", "days", "outcome"),
    [
        ({}, None, "approve"),
        ({}, 365, "approve_in_part"),
        ({"valid_until_kind": "date"}, 364, "approve_in_part"),
        ({"valid_until_kind": "date"}, 365, "approve"),
        ({"valid_until_kind": "date"}, None, "approve"),
    ],
)
def test_a_shorter_time_than_was_applied_for_is_granted_in_part(
    cast: SimpleNamespace, post: Post, read: Read, asked: dict[str, str], days: int | None, outcome: str
) -> None:
    until = (granting.today() + timedelta(days=365)).isoformat()
    answers = permit_factories.complete_answers(**asked, valid_until=until)
    case = permit_factories.reviewed_application(cast.secretary, cast.official, answers)
    last = "" if days is None else (granting.today() + timedelta(days=days)).isoformat()
    post(cast.official, case, "propose", **typed(case, valid_to=last))
    assert case.proposals.get().outcome == outcome
    assert ("Haettu voimassaolo" in read(cast.official, case)) is (outcome == "approve_in_part")


def test_a_return_is_told_until_the_next_proposal(
    cast: SimpleNamespace, case: Application, second: User, read: Read
) -> None:
    told = "Vera Virkailija palautti esityksen, jonka oli tehnyt Ville Virkailija"
    permit_factories.propose(case, cast.official)
    handling.return_proposal(case, by=second, reason="Täsmentäkää ehtoa")
    assert told in read(cast.official, case)
    permit_factories.propose(case, cast.official)
    assert told not in read(cast.official, case)
    handling.decide(case, by=second)
    assert told not in read(cast.official, case)


def test_ones_own_proposal_is_taken_back_and_not_returned(
    cast: SimpleNamespace, case: Application, post: Post, read: Read
) -> None:
    permit_factories.propose(case, cast.official)
    assert "<h1>Peruuta oma esitys</h1>" in read(cast.official, case, "return_proposal")
    post(cast.official, case, "return_proposal", reason="Kirjoitusvirhe")
    shown = read(cast.official, case)
    assert "Ville Virkailija perui oman esityksensä" in shown
    assert "Perui oman esityksensä" in shown
    assert "palautti esityksen" not in shown.lower()
