"""The application as data: what is asked, what goes out, and what is missing."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from permits import granting
from permits.form import form_spec
from permits.form.answers import answered, compared, wanted_words
from tests.permits.answers import COMPLETE

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
CHOSEN = sorted({choice.value for one in form_spec.QUESTIONS.values() for choice in one.choices})
ANSWER = JSON | st.sampled_from(CHOSEN) | st.lists(st.sampled_from(CHOSEN), max_size=5)
ANSWERS = st.dictionaries(st.sampled_from(sorted(form_spec.QUESTIONS)), ANSWER)


def missing(answers: dict) -> set[str]:
    return {problem.question for problem in form_spec.problems(answers)}


def changed(**changes: object) -> dict:
    return COMPLETE | changes


def test_complete_answers_have_no_problems() -> None:
    assert form_spec.problems(COMPLETE) == []


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_whatever_is_required_is_missed(name: str) -> None:
    without = {key: value for key, value in COMPLETE.items() if key != name}
    question = form_spec.QUESTIONS[name]
    expected = question.required or name == "reasons_common"
    assert (name in missing(without)) == expected


@given(JSON | ANSWERS)
def test_nothing_that_json_can_hold_raises(anything: object) -> None:
    cleaned = form_spec.clean(anything)
    form_spec.problems(cleaned)
    form_spec.wanted_scopes(cleaned)
    answered(cleaned)


@given(ANSWERS)
def test_cleaning_twice_changes_nothing_more(answers: dict) -> None:
    cleaned = form_spec.clean(answers)
    assert form_spec.clean(cleaned) == cleaned
    assert all(form_spec.is_asked(form_spec.QUESTIONS[name], cleaned) for name in cleaned)


def test_a_hidden_answer_never_goes_out() -> None:
    answers = changed(has_processors="no", processors="Palvelu Oy")
    assert "processors" not in form_spec.clean(answers)


def test_an_answer_behind_two_conditions_goes_with_the_first() -> None:
    answers = changed(frequency="once", how_often="other", how_often_other="Elokuussa")
    assert not {"how_often", "how_often_other"} & form_spec.clean(answers).keys()


def test_a_condition_that_holds_makes_its_question_required() -> None:
    assert "protected_ground" in missing(changed(protected_needed="yes"))
    assert "valid_until" in missing(changed(valid_until_kind="date"))
    assert "fields_building" in missing(changed(subjects=["person", "building"]))


def test_a_package_is_written_out_in_the_catalogues_order() -> None:
    scopes = form_spec.wanted_scopes(changed(package="A"))
    assert scopes == {"person": form_spec.package_fields("A")}
    assert scopes["person"][:2] == ["surname", "given_names"]


def test_an_own_choice_stands_in_the_catalogues_order() -> None:
    answers = changed(package="own", fields_person=["street", "hetu", "nonsense"])
    assert form_spec.wanted_scopes(answers) == {"person": ["hetu", "street"]}


def test_data_on_persons_are_not_wanted_without_persons() -> None:
    answers = changed(subjects=["building"], fields_building=["class"])
    assert form_spec.wanted_scopes(answers) == {"building": ["class"]}


def test_every_wanted_field_needs_a_reason_of_its_own_or_the_common_one() -> None:
    answers = changed(package="own", fields_person=["hetu", "street"], reasons_common="")
    with_one = answers | {"reasons": {"person:hetu": "Asiakirjoja varten"}}
    assert "reasons_common" in missing(with_one)
    with translation.override("en"):
        assert form_spec.problems(with_one)[0].brief == "A reason is missing for: Street address."
    assert missing(with_one | {"reasons": {"person:hetu": "a", "person:street": "b"}}) == set()


def test_a_fields_own_reason_comes_before_the_common_one() -> None:
    answers = changed(reasons={"person:street": "Kirjeitä varten"})
    assert form_spec.reason_for(answers, "person", "street") == "Kirjeitä varten"
    assert form_spec.reason_for(answers, "person", "surname") == COMPLETE["reasons_common"]


@pytest.mark.parametrize(("typed", "size"), [("12 000", 12000), ("12\N{NO-BREAK SPACE}000", 12000), (7, 7)])
def test_a_number_is_read_as_people_write_it(typed: object, size: int) -> None:
    assert form_spec.clean(changed(register_size=typed))["register_size"] == size


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("register_size", "noin tuhat"),
        ("register_size", 0),
        ("admin_email", "nimi(at)koulu"),
        ("admin_phone", "1234"),
        ("technical_phone", "myöhemmin"),
        ("purpose", "x" * 4001),
    ],
)
def test_what_cannot_be_understood_stays_and_is_told(name: str, typed: object) -> None:
    answers = changed(**{name: typed})
    assert form_spec.clean(answers)[name] == typed
    assert missing(answers) == {name}


def test_a_day_that_is_none_is_told() -> None:
    assert missing(changed(valid_until_kind="date", valid_until="31.2.2027")) == {"valid_until"}


@pytest.mark.parametrize(
    ("days", "is_told"), [(-1, True), (0, False), (365 * 29, False), (366 * 31, True), (365 * 7000, True)]
)
def test_a_last_day_in_the_past_or_too_far_ahead_is_told(days: int, is_told: bool) -> None:
    last = granting.today() + timedelta(days=days)
    answers = changed(valid_until_kind="date", valid_until=last.isoformat())
    assert missing(answers) == ({"valid_until"} if is_told else set())


def test_a_question_has_no_colon_after_its_mark() -> None:
    texts = [problem.text for problem in form_spec.problems({})]
    assert any("? " in text for text in texts)
    assert not any("?:" in text for text in texts)


def test_data_under_a_non_disclosure_order_are_asked_for_by_yes_alone() -> None:
    assert form_spec.needs_protected(changed(protected_needed="yes"))
    assert not form_spec.needs_protected(COMPLETE)


def test_answers_are_told_in_the_readers_language() -> None:
    with translation.override("en"):
        rows = {row.name: row for section in answered(COMPLETE) for row in section.rows}
    assert rows["package"].value == "Address data"
    assert rows["register_size"].value == "12\N{NO-BREAK SPACE}000"
    assert rows["identifiers"].value == "Personal identity code\nName and date of birth"


def test_a_comparison_marks_what_was_changed_added_and_left_out() -> None:
    old = changed(has_processors="yes", processors="Palvelu Oy", law="Laki A")
    rows = {row.name: row for section in compared(old, changed(law="Laki B")) for row in section.rows}
    assert (rows["law"].changed, rows["law"].before, rows["law"].value) == (True, "Laki A", "Laki B")
    assert (rows["processors"].changed, rows["processors"].value) == (True, "")
    assert not rows["purpose"].changed


def test_wanted_data_stand_with_their_reasons() -> None:
    with translation.override("en"):
        [(subject, fields)] = wanted_words(COMPLETE)
    assert subject == "Persons"
    assert ("Surname", COMPLETE["reasons_common"]) in fields
