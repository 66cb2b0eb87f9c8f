"""A statement is asked of another official, given by that one alone, or cancelled."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from permits import granting, handling
from permits.models import Application, Statement
from portal.models import User
from tests import permit_factories

Post = Callable[..., HttpResponse]
Read = Callable[..., str]
QUESTION = "Riittääkö suojaus?"


@pytest.fixture
def case(cast: SimpleNamespace) -> Application:
    return permit_factories.reviewed_application(cast.secretary, cast.official)


@pytest.fixture
def statement(cast: SimpleNamespace, case: Application, second: User) -> Statement:
    return handling.ask_statement(
        case, by=cast.official, of=second, question=QUESTION, wanted_by=date(2099, 1, 1)
    )


def test_an_official_asks_another(cast: SimpleNamespace, case: Application, second: User, post: Post) -> None:
    data = {"of": second.pk, "question": QUESTION, "wanted_by": "2099-01-01"}
    assert post(cast.official, case, "ask_statement", **data).status_code == 302
    made = case.statements.get()
    assert (made.asked_of, made.question) == (second, QUESTION)


def test_nobody_is_asked_of_oneself(cast: SimpleNamespace, case: Application, post: Post) -> None:
    data = {"of": cast.official.pk, "question": QUESTION, "wanted_by": "2099-01-01"}
    response = post(cast.official, case, "ask_statement", **data)
    assert response.context["form"].errors["of"]
    assert QUESTION in response.content.decode()


def test_the_day_of_a_statement_lies_ahead(
    cast: SimpleNamespace, case: Application, second: User, post: Post
) -> None:
    data = {"of": second.pk, "question": QUESTION, "wanted_by": granting.today().isoformat()}
    response = post(cast.official, case, "ask_statement", **data)
    assert list(response.context["form"].errors) == ["wanted_by"]


def test_the_expert_answers(
    case: Application, second: User, statement: Statement, post: Post, read: Read
) -> None:
    assert "Anna lausunto" in read(second, case)
    response = post(second, case, "give_statement", statement.pk, answer="Suojaus riittää.")
    assert response.status_code == 302
    assert "Suojaus riittää." in read(second, case)


def test_another_than_the_one_asked_is_refused_and_loses_nothing(
    cast: SimpleNamespace, case: Application, statement: Statement, post: Post
) -> None:
    response = post(cast.official, case, "give_statement", statement.pk, answer="Minun mielestäni")
    assert response.status_code == 409
    assert "Minun mielestäni" in response.content.decode()
    statement.refresh_from_db()
    assert statement.answered_at is None


def test_a_request_is_cancelled(
    cast: SimpleNamespace, case: Application, second: User, statement: Statement, post: Post
) -> None:
    assert post(cast.official, case, "cancel_statement", statement.pk).status_code == 302
    assert post(second, case, "give_statement", statement.pk, answer="Myöhässä").status_code == 409


def test_the_statement_of_another_case_is_not_found(
    cast: SimpleNamespace, second: User, statement: Statement, post: Post
) -> None:
    other = permit_factories.reviewed_application(cast.secretary, cast.official)
    assert post(second, other, "give_statement", statement.pk, answer="?").status_code == 404


def test_the_applicant_sees_no_statement(
    cast: SimpleNamespace, case: Application, statement: Statement, read: Read
) -> None:
    assert QUESTION not in read(cast.secretary, case, "application")
