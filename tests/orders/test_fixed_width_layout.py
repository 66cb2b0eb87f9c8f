"""A file without delimiters: its customer tells where each column begins, and sees what that cuts."""

import pytest

from orders.check.layout_forms import proposed, ruler
from orders.models import Material, Order, SavedMapping
from portal.models import AuditEvent
from tests import factories
from tests.orders.test_map_columns import ENGLISH, page_of

FIXED = """010594Y9032Esimerkki Aino.
020594X903PMalli     Väinö
"""
ROWS = [("Tunnus", "1", "11", "hetu"), ("Sukunimi", "12", "10", "surname"), ("Etunimi", "22", "10", "")]


def layout(order: Order, columns: list[tuple[str, str, str, str]], act: str = "save", **others: str) -> dict:
    seen = str(Material.objects.get(order=order).sample_id)
    data = {"seen": seen, "rows": str(len(columns)), "act": act, "encoding": ""}
    for at, row in enumerate(columns):
        for name, value in zip(("name", "start", "length", "field"), row, strict=True):
            data[f"row_{at}-{name}"] = value
    return data | others


@pytest.fixture
def fixed(cast) -> Order:
    return factories.checked_order(cast.secretary, FIXED)


@pytest.fixture
def send(fixed, cast, sign_in):  # type: ignore[no-untyped-def]
    """Send the layout's form; what comes back."""
    client = sign_in(cast.secretary)

    def posting(columns, act: str = "save", **others: str):  # type: ignore[no-untyped-def]
        response = client.post(
            page_of(fixed, "layout"), layout(fixed, columns, act, **others), headers=ENGLISH
        )
        factories.run_jobs()
        return response

    return posting


def test_the_first_lines_stand_under_a_ruler(fixed, cast, sign_in) -> None:
    response = sign_in(cast.secretary).get(page_of(fixed, "layout"))
    assert response.context["ruler"].ones.startswith("12345678901")
    assert response.context["ruler"].tens.startswith("        10        20")
    assert "010594Y9032Esimerkki Aino." in response.content.decode()
    assert AuditEvent.objects.get(event="material.sample_read").details["rows"] == 2


def test_the_file_is_read_by_the_layout(fixed, send) -> None:
    assert send(ROWS)["Location"] == page_of(fixed, "check")
    material = Material.objects.get()
    assert (material.state, material.rows, material.report["format"]) == ("checked", 2, "fixed_width")
    assert material.report["recognised"] == {
        "Tunnus": "hetu",
        "Sukunimi": "surname",
        "Etunimi": "given_names",
    }


def test_what_the_columns_cut_is_shown_before_anything_is_saved(fixed, send) -> None:
    response = send(ROWS, "preview")
    assert response.context["cut"][1] == ["020594X903P", "Malli", "Väinö"]
    assert Material.objects.get().mapping == {}


def test_a_row_is_added_and_one_is_removed_and_what_was_typed_stays(send) -> None:
    added = send(ROWS, "add").context["layout"].rows
    assert [row["name"].value() for row in added] == ["Tunnus", "Sukunimi", "Etunimi", None]
    left = send(ROWS, "remove:1").context["layout"].rows
    assert [row["name"].value() for row in left] == ["Tunnus", "Etunimi"]


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (("Sukunimi", "11", "10", "surname"), "start", "ends, which is at character 11"),
        (("Sukunimi", "-4", "10", "surname"), "start", "at least 1"),
        (("Sukunimi", "12", "-1", "surname"), "length", "at least 1"),
        (("Sukunimi", "12", "99999999999", "surname"), "length", "at least 1"),
        (("Sukunimi", "x", "10", "surname"), "start", "number"),
        (("Sukunimi", "", "10", "surname"), "start", "Enter a number"),
        (("", "12", "10", "surname"), "name", "Enter a name"),
        (("tunnus", "12", "10", "surname"), "name", "Another column has this name"),
        (("Sukunimi", "12", "10", "hetu"), "field", "Another column is read as this"),
        (("Sukunimi", "12", "10", "password"), "field", "password"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_in_words(send, row, field: str, message: str) -> None:
    response = send([ROWS[0], row])
    assert message in str(response.context["layout"].rows[1].errors[field])
    assert f'href="#id_row_1-{field}"' in response.content.decode()
    assert Material.objects.get().mapping == {}


@pytest.mark.parametrize("rows", ["", "x", "-1", "100000000"])
def test_a_number_of_rows_that_is_none_is_bounded(send, rows: str) -> None:
    assert len(send(ROWS, "preview", rows=rows).context["layout"].rows) <= 100


def test_a_layout_that_is_longer_than_the_lines_is_told_by_the_check(fixed, send) -> None:
    send([*ROWS, ("Muu", "900", "4", "")])
    assert Material.objects.get().problems[0]["code"] == "line_too_short"


def test_the_layout_is_kept_for_the_next_file_of_such_lines(send, cast) -> None:
    send(ROWS, save="on", save_as="Palkat")
    assert SavedMapping.objects.get().mapping["fixed_width"][0] == {
        "name": "Tunnus", "start": 1, "length": 11, "field": "hetu"
    }  # fmt: skip
    again = factories.checked_order(cast.secretary, FIXED.replace("Malli", "Salli").replace("Aino", "Aini"))
    assert Material.objects.get(order=again).origin == "saved"


def test_columns_are_proposed_where_all_lines_have_a_blank() -> None:
    lines = ["0017 Esimerkki  Aino", "0018 Malli      Eero"]
    assert [(one["start"], one["length"]) for one in proposed(lines)] == [(1, 5), (6, 11), (17, 4)]
    assert proposed(["abc", "def"]) == []
    assert ruler([]).lines == []
