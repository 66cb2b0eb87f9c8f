"""The public register of permits in force: a page, CSV and JSON, and no person in any of them."""

import csv
import io
import json
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from permits.models import Permit
from portal.roles import Role
from tests import factories, permit_factories


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    cast.rector = factories.user("Raili Rehtori", cast.school, Role.SIGNATORY)
    cast.permit = permit_factories.accepted_permit(cast.secretary, cast.official, cast.decider, cast.rector)
    return cast


def body(client: Client, name: str, **query: str) -> str:
    response = client.get(reverse(f"permits:{name}"), query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8-sig")


def entries(client: Client, language: str = "fi") -> dict[str, dict]:
    return {one["number"]: one for one in json.loads(body(client, "register_json", language=language))}


def rows(client: Client) -> dict[str, dict[str, str]]:
    return {row["number"]: row for row in csv.DictReader(io.StringIO(body(client, "register_csv")))}


def test_it_tells_who_may_use_which_data_for_what(scene, client) -> None:
    entry = entries(client)[scene.permit.number]
    assert (entry["organisation"], entry["business_id"]) == (scene.school.name, scene.school.business_id)
    assert entry["purpose"] == scene.permit.purpose
    assert "Henkilöt" in entry["subjects"]
    assert "Nimet" in entry["data_groups"]
    assert entry["valid_from"] == scene.permit.valid_from.isoformat()


def test_the_csv_says_the_same(scene, client) -> None:
    row, entry = rows(client)[scene.permit.number], entries(client)[scene.permit.number]
    lists = {name: "; ".join(entry[name]) for name in ("subjects", "data_groups")}
    assert row == entry | lists | {"valid_to": entry["valid_to"] or ""}


def test_the_page_shows_it_in_three_languages(scene, client) -> None:
    titles = {"fi": "Lupien rekisteri", "sv": "Tillståndsregister", "en": "Register of permits"}
    for language, title in titles.items():
        client.cookies["django_language"] = language
        page = body(client, "register")
        assert title in page
        assert scene.school.name in page


def test_words_are_in_the_language_that_is_asked_for(client, db) -> None:
    words = {code: entries(client, code)["TL-OPPILAITOKSET"]["subjects"] for code in ("fi", "sv", "en")}
    assert words == {"fi": ["Henkilöt"], "sv": ["Personer"], "en": ["Persons"]}


def test_a_standing_permit_names_its_classes_of_organisations(client, db) -> None:
    entry = entries(client, "en")["TL-OPPILAITOKSET"]
    assert "," in entry["organisation"]
    assert entry["business_id"] == ""


@pytest.mark.parametrize("name", ["register", "register_csv", "register_json"])
def test_it_holds_no_person(scene, client, name: str) -> None:
    text = body(client, name)
    for person in (scene.secretary, scene.rector, scene.official, scene.decider):
        assert person.name not in text
        assert person.email not in text
    answers = scene.permit.decision.submission.answers
    contacts = [value for key, value in answers.items() if key.startswith(("admin_", "technical_"))]
    assert contacts
    assert not [value for value in contacts if str(value) in text]


@pytest.mark.parametrize("status", ["suspended", "revoked", "expired", "replaced"])
def test_only_permits_in_force_are_in_it(scene, client, status: str) -> None:
    other = factories.permit(scene.school, number="TL-ENDED", status=status)
    assert other.number not in entries(client)
    assert other.number not in body(client, "register")


def test_of_a_permits_versions_only_that_of_the_day_is_in_it(cast, client) -> None:
    factories.permit(cast.school, number="TL-V")
    factories.permit(cast.school, number="TL-V", version=2, purposes={"fi": "Toinen versio"})
    assert entries(client)["TL-V"]["purpose"] == "Toinen versio"
    assert body(client, "register_csv").count("TL-V,") == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cast, client, text: str) -> None:
    factories.permit(cast.school, number="TL-F", purposes={"fi": text})
    cell = rows(client)["TL-F"]["purpose"]
    assert cell.startswith("'")


def test_one_searches_by_organisation_and_purpose(scene, client) -> None:
    factories.permit(scene.other_school, number="TL-O", purposes={"fi": "Laskutus"})
    assert "TL-O" in body(client, "register", organisation="lammen")
    assert scene.permit.number not in body(client, "register", organisation="lammen")
    assert "TL-O" in body(client, "register", purpose="lasku")
    assert "TL-O" not in body(client, "register", purpose="todistus")


def test_caches_may_keep_the_whole_register(client, db) -> None:
    for name in ("register_json", "register_csv"):
        response = client.get(reverse(f"permits:{name}"))
        assert response["Cache-Control"] == "public, max-age=3600"
        assert not response.cookies


def test_a_page_costs_the_same_queries_however_many_there_are(
    cast, client, django_assert_num_queries
) -> None:
    url = reverse("permits:register")
    with django_assert_num_queries(1):
        client.get(url)
    for number in range(60):
        factories.permit(cast.school, accepted=False, number=f"TL-{number:03d}")
    with django_assert_num_queries(1):
        assert "after=" in client.get(url).content.decode()


def test_an_empty_register_is_an_empty_list(client, db) -> None:
    Permit.objects.update(status="suspended")
    assert entries(client) == {}
