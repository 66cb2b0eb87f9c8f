"""The lists of permits: the holder's and the officials', by state, by words, page by page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from permits.granting import today
from tests import factories

OWN, STAFF = "permits:permits", "permits:staff_permits"


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    day = timedelta(days=1)
    states = {
        "TL-A-FORCE": {},
        "TL-B-WAITING": {"accepted": False},
        "TL-C-SUSPENDED": {"status": "suspended"},
        "TL-D-ENDING": {"valid_to": today() + 60 * day},
        "TL-E-LATER": {"valid_to": today() + 61 * day},
        "TL-F-REVOKED": {"status": "revoked"},
        "TL-G-OVER": {"valid_to": today() - day},
        "TL-H-BEGINS": {"valid_from": today() + day},
    }
    cast.numbers = list(states)
    for number, changes in states.items():
        factories.permit(cast.school, number=number, **changes)  # type: ignore[arg-type]
    return cast


def shown(client: Client, name: str, numbers: list[str], **query: str) -> str:
    page = client.get(reverse(name), query).content.decode()
    return "".join(number[3] for number in numbers if number in page)


@pytest.mark.parametrize(
    ("name", "who", "state", "expected"),
    [
        (OWN, "secretary", "", "ABCDEFGH"),
        (OWN, "secretary", "in_force", "ABDE"),
        (OWN, "secretary", "waiting", "B"),
        (OWN, "secretary", "later", "H"),
        (OWN, "secretary", "ended", "FG"),
        (STAFF, "official", "", "ABCDEFGH"),
        (STAFF, "official", "later", "H"),
        (STAFF, "official", "suspended", "C"),
        (STAFF, "official", "ending", "D"),
        (STAFF, "official", "ended", "FG"),
        (STAFF, "admin", "nonsense", "ABCDEFGH"),
    ],
)
def test_a_filter_shows_where_permits_stand(scene, sign_in, name, who, state, expected) -> None:
    assert shown(sign_in(getattr(scene, who)), name, scene.numbers, state=state) == expected


def test_one_finds_a_permit_by_its_number_or_its_holder(scene, sign_in) -> None:
    client = sign_in(scene.official)
    assert shown(client, STAFF, scene.numbers, q="tl-b-waiting") == "B"
    assert shown(client, STAFF, scene.numbers, q=scene.school.business_id) == "ABCDEFGH"
    assert shown(client, STAFF, scene.numbers, q="kuusikon") == "ABCDEFGH"
    assert shown(client, STAFF, scene.numbers, q="lammen") == ""


def test_a_stranger_sees_the_standing_permit_of_the_class_and_no_other(scene, sign_in) -> None:
    client = sign_in(scene.outsider)
    assert shown(client, OWN, scene.numbers) == ""
    assert shown(client, OWN, ["TL-OPPILAITOKSET"]) == "O"


@pytest.mark.parametrize(("name", "who"), [(OWN, "secretary"), (STAFF, "official")])
def test_a_page_costs_the_same_queries_however_many_there_are(
    cast, sign_in, django_assert_max_num_queries, name: str, who: str
) -> None:
    client, url = sign_in(getattr(cast, who)), reverse(name)
    factories.permit(cast.school)
    client.get(url)
    with django_assert_max_num_queries(100) as few:
        client.get(url)
    for _ in range(60):
        factories.permit(cast.school, accepted=False)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "after=" in client.get(url).content.decode()


def test_one_finds_a_permit_by_the_last_digits_of_its_number(cast, sign_in) -> None:
    number = f"TL-{today().year}-000123"
    factories.permit(cast.school, number=number)
    client = sign_in(cast.official)
    assert number in client.get(reverse(STAFF), {"q": "123"}).content.decode()
    assert number not in client.get(reverse(STAFF), {"q": "124"}).content.decode()
