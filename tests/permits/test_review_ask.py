"""An official asks the applicant for more, sees what changed, or goes on without an answer."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.http import HttpResponse
from django.utils import timezone

from permits import handling, states, workflow
from permits.models import Application
from portal.calendar import due_day, local_day, months_after
from portal.models import User
from portal.templatetags.components import day
from tests import permit_factories

Post = Callable[..., HttpResponse]
Read = Callable[..., str]
NO_ANSWER = "Asia voidaan ratkaista jo saaduilla tiedoilla."
ASKED = "Kuvatkaa lokien säilytys tarkemmin."


def in_days(days: int) -> str:
    return (local_day(timezone.now()) + timedelta(days=days)).isoformat()


def test_the_clock_stands_still_from_the_asking(cast: SimpleNamespace, post: Post, read: Read) -> None:
    case = permit_factories.reviewed_application(cast.secretary, cast.official)
    data = {"text": ASKED, "sections": ["protection"], "answer_by": in_days(10)}
    assert post(cast.official, case, "ask_information", **data).status_code == 302
    request = case.information_requests.get()
    assert case.status == states.INFO_REQUESTED
    assert (request.text, request.sections, request.answer_by.isoformat()) == (
        ASKED,
        ["protection"],
        in_days(10),
    )
    assert "pysähdyksissä 0 päivää" not in read(cast.official, case)
    assert ASKED in read(cast.official, case)
    assert ASKED in read(cast.secretary, case, "application")


def test_the_due_day_moves_by_the_days_that_the_clock_stood(cast: SimpleNamespace, read: Read) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    stood = timezone.now() - timedelta(days=7)
    Application.objects.filter(pk=case.pk).update(submitted_at=stood - timedelta(days=1))
    case.information_requests.update(asked_at=stood)
    case.refresh_from_db()
    permit_factories.answer(case, cast.secretary)
    case.refresh_from_db()
    started = local_day(stood) - timedelta(days=1)
    assert case.due_on == due_day(started + timedelta(days=14 + 7))
    assert "pysähdyksissä 7 päivää" in read(cast.official, case)


def test_what_the_applicant_changed_is_shown_with_both_values(cast: SimpleNamespace, read: Read) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    case.refresh_from_db()
    permit_factories.answer(case, cast.secretary, logs="Lokit säilytetään kymmenen vuotta.")
    shown = read(cast.official, case)
    assert "<del>Lokit säilytetään viisi vuotta.</del>" in shown
    assert "<ins>Lokit säilytetään kymmenen vuotta.</ins>" in shown
    assert "Jätetty versio 1" in shown
    first = read(cast.official, case, "review_submission", 1)
    assert "viisi vuotta" in first
    assert "kymmenen vuotta" not in first


def test_what_is_not_yet_sent_is_not_shown_to_officials(cast: SimpleNamespace, read: Read) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    case.refresh_from_db()
    permit_factories.fill(case, cast.secretary, case.answers | {"logs": "Vielä kesken."})
    assert "Vielä kesken." not in read(cast.official, case)


def test_a_day_that_has_passed_is_refused_and_the_text_kept(cast: SimpleNamespace, post: Post) -> None:
    case = permit_factories.reviewed_application(cast.secretary, cast.official)
    response = post(cast.official, case, "ask_information", text=ASKED, answer_by=in_days(0))
    assert response.status_code == 409
    assert response.context["form"].errors["answer_by"]
    assert ASKED in response.content.decode()
    assert case.status == states.IN_REVIEW


def test_the_answer_comes_within_three_months(cast: SimpleNamespace, post: Post) -> None:
    case = permit_factories.reviewed_application(cast.secretary, cast.official)
    last = months_after(local_day(timezone.now()), 3)
    too_late = (last + timedelta(days=1)).isoformat()
    response = post(cast.official, case, "ask_information", text=ASKED, answer_by=too_late)
    assert response.context["form"].errors["answer_by"]
    data = {"text": ASKED, "answer_by": last.isoformat()}
    assert post(cast.official, case, "ask_information", **data).status_code == 302


def test_the_text_is_kept_where_another_official_was_first(
    cast: SimpleNamespace, second: User, post: Post
) -> None:
    case = permit_factories.reviewed_application(cast.secretary, cast.official)
    old = case.changed_at.isoformat()
    handling.take(case, by=second)
    data = {"text": ASKED, "answer_by": in_days(10)}
    response = post(cast.official, case, "ask_information", seen=old, **data)
    text = response.content.decode()
    assert response.status_code == 409
    assert ASKED in text
    assert "Vera Virkailija: Käsittelijä: Vera Virkailija" in text
    seen = response.context["form"]["seen"].value()
    assert post(cast.official, case, "ask_information", seen=seen, **data).status_code == 302
    assert case.status == states.INFO_REQUESTED


def test_an_official_goes_on_without_an_answer(cast: SimpleNamespace, post: Post, read: Read) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    assert post(cast.official, case, "go_on", reason=NO_ANSWER).status_code == 302
    assert case.status == states.IN_REVIEW
    assert case.information_requests.get().answered is False
    assert "Jatkoi ilman hakijan vastausta" in read(cast.official, case)
    assert NO_ANSWER in read(cast.official, case)


def test_to_go_on_takes_a_reason(cast: SimpleNamespace, post: Post) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    assert post(cast.official, case, "go_on", reason=" ").context["form"].errors["reason"]
    assert case.status == states.INFO_REQUESTED


def test_the_page_says_that_the_applicants_day_has_not_passed(cast: SimpleNamespace, read: Read) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    assert "Hakijalla on vielä aikaa vastata" in read(cast.official, case, "go_on")
    case.information_requests.update(answer_by=local_day(timezone.now()) - timedelta(days=1))
    assert "Hakijalla on vielä aikaa vastata" not in read(cast.official, case, "go_on")
    assert "Päivä on ohi." in read(cast.official, case, "go_on")


def test_the_applicant_keeps_the_question_and_sees_why_the_registry_went_on(
    cast: SimpleNamespace, read: Read
) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    handling.go_on(case, by=cast.official, reason=NO_ANSWER)
    shown = read(cast.secretary, case, "application")
    assert ASKED in shown
    assert NO_ANSWER in shown
    assert day(case.information_requests.get().answer_by) in shown
    assert "Rekisteriviranomainen jatkoi ilman vastausta" in shown


def test_a_request_that_ended_with_a_withdrawal_was_not_gone_on_without(
    cast: SimpleNamespace, read: Read
) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    workflow.withdraw(case, by=cast.secretary)
    assert "jatkoi ilman" not in read(cast.secretary, case, "application").lower()
    assert "jatkettiin ilman" not in read(cast.official, case).lower()


def test_a_button_that_is_off_says_why(cast: SimpleNamespace, read: Read) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    assert "tila on ”Jätetty”" in read(cast.official, case, "ask_information").replace("“", "”")
