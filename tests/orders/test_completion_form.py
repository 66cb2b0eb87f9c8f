"""The form of a completed row has the fields of its subject, and begins with what was sent."""

import pytest

from matching.fields import INPUT_NAMES
from orders.completion.forms import CompletionForm
from tests.population import BUILDING

ADDRESS = {"street": "Koivutie 5", "postal_code": "00100"}


@pytest.mark.parametrize(
    ("subject", "sent", "typed", "cells"),
    [
        ("building", ADDRESS, {"building_id": BUILDING}, ADDRESS | {"building_id": BUILDING}),
        ("building", ADDRESS, {"building_id": "91-2-5-3-K-1"}, ADDRESS | {"building_id": "91-2-5-3-K-1"}),
        ("real_estate", {"name": "Mäki"}, {"real_estate_id": "91-2-5-3"}, {"real_estate_id": "91-2-5-3"}),
        (
            "person",
            {"name": "Aino Malli", "row_id": "7"},
            {"birth_date": "1.5.1994"},
            {"birth_date": "1.5.1994"},
        ),
    ],
)
def test_a_row_is_completed_by_the_fields_of_its_subject(subject, sent, typed, cells) -> None:
    form = CompletionForm(sent | typed, subject=subject, sent=sent)
    assert form.is_valid(), form.errors
    own = {name: text for name, text in sent.items() if name != "row_id"}
    assert form.cleaned_data == own | cells


@pytest.mark.parametrize(
    ("subject", "field", "text"),
    [("building", "building_id", "100000000F"), ("real_estate", "real_estate_id", "91-2-5"),
     ("person", "hetu", "010594Y9031")],
)  # fmt: skip
def test_a_code_is_that_of_its_subject(subject, field, text) -> None:
    form = CompletionForm(ADDRESS | {field: text}, subject=subject, sent=ADDRESS)
    assert list(form.errors) == [field]
    assert text not in str(form.errors)


def test_what_has_no_place_on_the_form_stays_as_it_was_sent() -> None:
    sent = ADDRESS | {"surname": "Malli"}
    form = CompletionForm(ADDRESS | {"building_id": BUILDING}, subject="building", sent=sent)
    assert form.is_valid()
    assert form.cleaned_data == sent | {"building_id": BUILDING}


def test_a_row_is_not_put_in_the_place_of_another() -> None:
    """Who is not in the register that was sent is not asked for by way of it."""
    sent = {"surname": "Malli", "birth_date": "2.5.1994"}
    other = {"surname": "Suojattu", "birth_date": "3.5.1994", "hetu": "030594W903B"}
    assert not CompletionForm(other, subject="person", sent=sent).is_valid()
    assert CompletionForm(other | {"surname": "Malli"}, subject="person", sent=sent).is_valid()


@pytest.mark.parametrize(
    ("subject", "sent", "typed", "stays"),
    [
        (
            "person",
            {"surname": "Malli", "birth_date": "2.5.1994", "sex": "1", "municipality": "091"},
            {"surname": "Suojattu", "birth_date": "3.5.1994"},
            "birth_date",
        ),
        (
            "building",
            ADDRESS | {"post_office": "Helsinki"},
            {"street": "Muutie 7", "building_id": BUILDING},
            "street",
        ),
        (
            "real_estate",
            {"name": "Mäki", "street": "Muutie 7", "municipality": "091"},
            {"name": "Laakso", "street": "Koivutie 5"},
            "name",
        ),
    ],
)
def test_a_cell_that_tells_whom_the_row_means_stays(subject, sent, typed, stays) -> None:
    """The sex, a post office or a municipality is many people's."""
    assert not CompletionForm(sent | typed, subject=subject, sent=sent).is_valid()
    form = CompletionForm(sent | typed | {stays: sent[stays]}, subject=subject, sent=sent)
    assert form.is_valid(), form.errors


def test_a_long_cell_that_was_sent_may_stay() -> None:
    sent = {"surname": "Malli" * 100, "street": "Koivutie 5"}
    assert CompletionForm(sent | {"postal_code": "00100"}, subject="person", sent=sent).is_valid()


@pytest.mark.parametrize("subject", ["person", "building", "real_estate"])
def test_every_field_of_the_form_is_one_of_the_catalogue(subject) -> None:
    sent = dict.fromkeys(INPUT_NAMES, "x")
    assert set(CompletionForm(subject=subject, sent=sent).fields) <= set(INPUT_NAMES) - {"row_id"}
