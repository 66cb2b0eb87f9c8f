"""The two weeks as the verbs keep them: what is stored is what the facts say, on whichever day."""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from permits import handling, review, states, words, workflow
from permits.models import Application, Decision
from portal.calendar import HELSINKI
from portal.models import User
from portal.roles import Role
from tests import factories
from tests import permit_factories as made

# day and hour in Finland | what happens | due day that is stored | stands still since
WALK = """
2026-11-02 09:00 | submit   | 2026-11-16 |
2026-11-03 09:00 | take     | 2026-11-16 |
2026-11-04 16:00 | ask      | 2026-11-16 | 2026-11-04
2026-11-10 08:00 | answer   | 2026-11-23 |
2026-11-11 09:00 | ask      | 2026-11-23 | 2026-11-11
2026-11-11 15:00 | answer   | 2026-11-23 |
2026-11-12 09:00 | ask      | 2026-11-23 | 2026-11-12
2026-12-14 09:00 | go_on    | 2026-12-28 |
2026-12-15 09:00 | propose  | 2026-12-28 |
2026-12-16 09:00 | return   | 2026-12-28 |
2026-12-16 10:00 | ask      | 2026-12-28 | 2026-12-16
2026-12-28 10:00 | answer   | 2027-01-05 |
2027-01-04 10:00 | propose  | 2027-01-05 |
2027-01-05 10:00 | decide   | 2027-01-05 |
"""


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Move the clock to a moment in Finland."""

    def move_to(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=HELSINKI)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move_to


@pytest.fixture
def decider(cast: SimpleNamespace) -> User:
    return factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)


def verbs(case: Application, cast: SimpleNamespace, decider: User) -> dict[str, Callable[[], object]]:
    return {
        "submit": lambda: workflow.submit(case, by=cast.secretary, committed_by="Reetta Rehtori"),
        "take": lambda: handling.take(case, by=cast.official),
        "ask": lambda: made.ask(case, cast.official),
        "answer": lambda: made.answer(case, cast.secretary),
        "go_on": lambda: handling.go_on(case, by=cast.official, reason="Määräpäivä on ohi."),
        "propose": lambda: made.propose(case, cast.official),
        "return": lambda: handling.return_proposal(case, by=decider, reason="Ehdot puuttuvat."),
        "decide": lambda: handling.decide(case, by=decider),
    }


def stored(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def test_after_each_act_the_stored_due_day_is_what_the_facts_say(
    cast: SimpleNamespace, decider: User, at: Callable[[str], None]
) -> None:
    case = made.filled_application(cast.secretary)
    acts = verbs(case, cast, decider)
    for line in WALK.strip().splitlines():
        moment, act, due, since = (cell.strip() for cell in line.split("|"))
        at(moment)
        acts[act]()
        now, today = stored(case), date.fromisoformat(moment[:10])
        derived = review.clock(now.starts_on, now.stops, today)  # type: ignore[arg-type]
        assert now.due_on == derived.due == date.fromisoformat(due), line
        assert derived.stopped_since == (date.fromisoformat(since) if since else None), line
    assert Decision.objects.get(application=case).due_on == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-03-28 23:30", "2026-04-13"),
        ("2026-03-29 00:30", "2026-04-13"),
        ("2026-03-29 23:30", "2026-04-13"),
        ("2026-03-30 00:30", "2026-04-13"),
        ("2026-10-24 23:30", "2026-11-09"),
        ("2026-10-25 23:30", "2026-11-09"),
        ("2026-10-26 00:30", "2026-11-09"),
        ("2026-10-26 23:30", "2026-11-09"),
        ("2026-10-27 00:30", "2026-11-10"),
    ],
)
def test_an_application_submitted_about_midnight_belongs_to_its_day_in_finland(
    cast: SimpleNamespace, at: Callable[[str], None], moment: str, due: str
) -> None:
    at(moment)
    case = stored(made.submitted_application(cast.secretary))
    assert case.starts_on == date.fromisoformat(moment[:10])
    assert case.due_on == date.fromisoformat(due)


def test_one_that_came_on_paper_is_due_from_the_day_on_which_it_came(
    cast: SimpleNamespace, at: Callable[[str], None]
) -> None:
    at("2026-11-20 10:00")
    case = made.paper_application(cast.official, cast.school, date(2026, 11, 12))
    assert stored(case).due_on == date(2026, 11, 26)


def test_a_withdrawn_application_has_no_clock(cast: SimpleNamespace, at: Callable[[str], None]) -> None:
    at("2026-11-02 10:00")
    case = made.submitted_application(cast.secretary)
    assert words.clock_of(case, date(2026, 11, 2)) is not None
    workflow.withdraw(case, by=cast.secretary)
    assert words.clock_of(stored(case), date(2026, 11, 3)) is None


def test_a_draft_has_no_clock(cast: SimpleNamespace) -> None:
    assert words.clock_of(made.application(cast.secretary), date(2026, 11, 2)) is None


NOVEMBER = review.clock(date(2026, 11, 9), [], date(2026, 11, 20))
STILL = review.clock(date(2026, 11, 9), [review.Stop(date(2026, 11, 12), None)], date(2026, 11, 20))


@pytest.mark.parametrize(
    ("today", "language", "expected"),
    [
        ("2026-11-20", "en", "3 days left"),
        ("2026-11-22", "en", "1 day left"),
        ("2026-11-22", "fi", "1 päivä jäljellä"),
        ("2026-11-22", "sv", "1 dag kvar"),
        ("2026-11-23", "en", "the decision is due today"),
        ("2026-11-23", "fi", "päätöksen määräpäivä on tänään"),
        ("2026-11-24", "en", "1 day late"),
        ("2026-11-25", "fi", "2 päivää myöhässä"),
        ("2026-11-25", "sv", "2 dagar försenad"),
    ],
)
def test_the_time_left_is_told_in_words_and_the_same_in_a_list(
    today: str, language: str, expected: str
) -> None:
    on = date.fromisoformat(today)
    row = Application(status=states.PROPOSED, due_on=NOVEMBER.due)
    with translation.override(language):
        assert words.due_words(review.clock(NOVEMBER.started, [], on)) == expected
        assert words.row_words(row, on) == expected


def test_a_clock_that_stands_still_says_since_when_and_what_an_answer_today_gives() -> None:
    with translation.override("en"):
        assert words.due_words(STILL) == "the clock stands still since 12 November 2026"
        assert "1 December 2026" in words.due_sentence(STILL)
    row = Application(status=states.INFO_REQUESTED, due_on=NOVEMBER.due)
    with translation.override("fi"):
        assert words.row_words(row, date(2026, 12, 24)) == "määräaika on pysähdyksissä"


@pytest.mark.parametrize("status", [states.DRAFT, states.APPROVED, states.REJECTED, states.WITHDRAWN])
def test_what_is_not_open_has_no_words_of_a_due_day(status: str) -> None:
    row = Application(status=status, due_on=NOVEMBER.due)
    assert words.row_words(row, date(2026, 12, 24)) == ""
    assert words.due_words(None) == words.due_sentence(None) == ""


@pytest.mark.parametrize(("today", "late"), [("2026-11-23", False), ("2026-11-24", True)])
def test_the_sentence_says_by_which_day_or_that_it_is_late(today: str, late: bool) -> None:
    with translation.override("en"):
        sentence = words.due_sentence(review.clock(date(2026, 11, 9), [], date.fromisoformat(today)))
    assert "23 November 2026" in sentence
    assert ("late." in sentence) is late
