"""Standing permits: one official prepares, another decides; versions follow each other."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from permits import granting, states
from permits.models import Permit, StandingPermitDraft
from portal.access import Denied
from portal.roles import Role
from tests import factories, permit_factories

FORM = {
    "number": "TL-KUNNAT",
    "organisation_kinds": ["municipality"],
    "fields_person": ["hetu", "surname", "street"],
    "fields_building": ["building_id"],
    "purposes_fi": "Kunnan asiakasrekisterin päivitys",
    "purposes_sv": "Uppdatering av kommunens kundregister",
    "legal_bases_fi": "Laki 661/2009",
    "legal_bases_sv": "Lag 661/2009",
}


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    return cast


def form(**changes: object) -> dict[str, object]:
    terms = Permit.objects.get(number="TL-OPPILAITOKSET").terms
    return FORM | {"terms": terms.pk, "valid_from": granting.today().isoformat()} | changes


def test_one_official_prepares_and_another_grants(scene, sign_in) -> None:
    response = sign_in(scene.official).post(reverse("permits:prepare_standing"), form())
    draft = StandingPermitDraft.objects.get()
    assert response["Location"] == reverse("permits:standing_draft", args=[draft.pk])
    sign_in(scene.decider).post(reverse("permits:decide_standing", args=[draft.pk]))
    permit = Permit.objects.get(number="TL-KUNNAT")
    assert permit.scopes == {"person": ["hetu", "surname", "street"], "building": ["building_id"]}
    assert permit.purposes == {"fi": FORM["purposes_fi"], "sv": FORM["purposes_sv"]}
    assert permit.organisation_kinds == ["municipality"]


def test_the_number_of_the_permit_is_asked_for_by_a_name_of_its_own(scene, sign_in) -> None:
    page = sign_in(scene.official).get(reverse("permits:prepare_standing")).content.decode()
    assert 'for="id_number">Luvan tunnus</label>' in page


def test_the_preparer_cannot_decide(scene, sign_in) -> None:
    draft = permit_factories.standing_draft(scene.official)
    client = sign_in(scene.official)
    client.post(reverse("permits:decide_standing", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.permit is None
    page = client.get(reverse("permits:standing_draft", args=[draft.pk])).content.decode()
    assert 'aria-disabled="true"' in page


def test_who_decides_sees_the_texts_in_finnish_and_swedish(scene, sign_in) -> None:
    conditions = {"fi": "Raportti vuosittain", "sv": "Rapport årligen"}
    draft = permit_factories.standing_draft(scene.official, conditions=conditions)
    page = sign_in(scene.decider).get(reverse("permits:standing_draft", args=[draft.pk])).content.decode()
    for texts in (draft.purposes, draft.legal_bases, conditions):
        for language, text in texts.items():
            assert f'<div lang="{language}"><p>{text}</p></div>' in page
    assert page.count("<h3>Ruotsi</h3>") == 3


def test_a_text_that_is_missing_in_one_language_is_seen_to_be_missing(scene, sign_in) -> None:
    draft = permit_factories.standing_draft(scene.official, conditions={"fi": "Raportti vuosittain"})
    page = sign_in(scene.decider).get(reverse("permits:standing_draft", args=[draft.pk])).content.decode()
    assert page.count("Ei tekstiä") == 1


def test_officials_alone_see_who_prepared_and_who_decided(scene, sign_in) -> None:
    permit = permit_factories.standing_permit(
        scene.official, scene.decider, organisation_kinds=[scene.school.kind]
    )
    address = reverse("permits:permit", args=[permit.pk])
    page = sign_in(scene.admin).get(address).content.decode()
    assert f"<dd>{scene.official.name}</dd>" in page
    assert f"<dd>{scene.decider.name}</dd>" in page
    assert scene.decider.name not in sign_in(scene.secretary).get(address).content.decode()


def test_the_next_version_replaces_the_one_before(scene, sign_in) -> None:
    first = permit_factories.standing_permit(scene.official, scene.decider)
    url = f"{reverse('permits:prepare_standing')}?replaces={first.pk}"
    client = sign_in(scene.decider)
    assert first.purposes["sv"] in client.get(url).content.decode()
    client.post(url, form(organisation_kinds=["wellbeing_county", "municipality"]))
    granting.decide_standing(StandingPermitDraft.objects.get(replaces=first), by=scene.official)
    first.refresh_from_db()
    second = Permit.objects.get(number=first.number, version=2)
    assert (first.status, second.status) == (states.REPLACED, states.IN_FORCE)


def test_a_prepared_permit_can_be_given_up(scene, sign_in) -> None:
    draft = permit_factories.standing_draft(scene.official)
    sign_in(scene.official).post(reverse("permits:discard_standing", args=[draft.pk]))
    with pytest.raises(Denied):
        granting.decide_standing(draft, by=scene.decider)
    assert (
        draft.number not in sign_in(scene.decider).get(reverse("permits:standing_permits")).content.decode()
    )


@pytest.mark.parametrize(
    "wrong",
    [{"organisation_kinds": []}, {"fields_person": [], "fields_building": []}, {"purposes_sv": ""},
     {"number": "TL-OPPILAITOKSET"}, {"number": "x"}, {"valid_to": "2020-01-01"}, {"fields_person": ["no"]}],
    ids=["no class", "no data", "no Swedish", "number taken", "no number", "ended", "no such field"],
)  # fmt: skip
def test_a_wrong_form_prepares_nothing(scene, sign_in, wrong) -> None:
    response = sign_in(scene.official).post(reverse("permits:prepare_standing"), form(**wrong))
    assert response.status_code == 200
    assert not StandingPermitDraft.objects.exists()


@pytest.mark.parametrize("field", ["valid_from", "valid_to"])
def test_a_day_that_has_passed_is_told_at_its_field(scene, sign_in, field: str) -> None:
    data = form(**{field: "2020-01-01"})
    response = sign_in(scene.official).post(reverse("permits:prepare_standing"), data)
    assert list(response.context["form"].errors) == [field]


def test_an_administrator_reads_and_prepares_nothing(scene, sign_in) -> None:
    client = sign_in(scene.admin)
    assert client.get(reverse("permits:standing_permits")).status_code == 200
    assert client.get(reverse("permits:prepare_standing")).status_code == 403


def test_of_two_drafts_with_one_number_only_the_first_is_granted(cast, second) -> None:
    first, other = (permit_factories.standing_draft(cast.official, number="TL-S-9") for _ in range(2))
    granting.decide_standing(first, by=second)
    with pytest.raises(Denied, match="jo lupa"):
        granting.decide_standing(other, by=second)
