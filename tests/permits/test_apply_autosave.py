"""Autosave, and two colleagues in the same section at once: the second sees what the first did."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from permits import workflow
from permits.models import Application
from portal.events import Event
from portal.models import AuditEvent
from tests import permit_factories

MINE = {"register_name": "Minun", "controller": "Koulu", "purpose": "Todistukset"}


def save_url(application) -> str:
    return reverse("permits:autosave", args=[application.pk, "register"])


def colleague_saves(application, by) -> None:
    answers = MINE | {"register_name": "Kollegan"}
    workflow.save_section(
        Application.objects.get(pk=application.pk), by=by, section="register", answers=answers
    )


def stored(application) -> str:
    application.refresh_from_db()
    return application.answers["register_name"]


def test_it_stores_what_is_typed_and_tells_so(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    response = sign_in(cast.secretary).post(save_url(application), MINE | {"seen": "0"})
    assert response.json()["seen"] == 1
    assert response.json()["text"]
    assert stored(application) == "Minun"


def test_one_person_may_save_again_and_again(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    answers = [client.post(save_url(application), MINE | {"seen": seen}).json() for seen in "012"]
    assert [answer["seen"] for answer in answers] == [1, 2, 3]


def test_a_colleagues_answers_are_not_written_over(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    colleague_saves(application, cast.colleague)
    response = sign_in(cast.secretary).post(save_url(application), MINE | {"seen": "0"})
    assert response.status_code == 409
    assert cast.colleague.name in response.json()["text"]
    assert stored(application) == "Kollegan"


def test_the_page_shows_both_versions_and_lets_one_choose(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    colleague_saves(application, cast.colleague)
    client = sign_in(cast.secretary)
    address = reverse("permits:section", args=[application.pk, "register"])
    page = client.post(address, MINE | {"seen": "0"})
    text = page.content.decode()
    assert [part for part in ("Kollegan", 'value="Minun"', cast.colleague.name) if part not in text] == []
    client.post(address, MINE | {"seen": page.context["seen"]})
    assert stored(application) == "Minun"


def test_saving_is_audited_without_what_was_written(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    sign_in(cast.secretary).post(save_url(application), MINE)
    event = AuditEvent.objects.get(event=Event.APPLICATION_SAVED)
    assert event.details == {"section": "register"}


def saves_in_the_audit_trail(by) -> int:
    return AuditEvent.objects.filter(event=Event.APPLICATION_SAVED, actor=by.pk).count()


@pytest.mark.parametrize(("minutes", "rows"), [(5, 1), (9, 1), (11, 2)])
def test_typing_on_is_told_every_ten_minutes_and_the_last_save_is_known(
    cast, monkeypatch, minutes: int, rows: int
) -> None:
    application = permit_factories.application(cast.secretary)
    start = timezone.now()
    for now in (start, start + timedelta(minutes=4), start + timedelta(minutes=minutes)):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        workflow.save_section(application, by=cast.secretary, section="register", answers=MINE)
    assert saves_in_the_audit_trail(cast.secretary) == rows
    saved = Application.objects.get(pk=application.pk).saved["register"]
    assert (saved["n"], saved["at"]) == (3, now.isoformat())


def test_a_save_after_a_colleagues_is_told_at_once(cast) -> None:
    application = permit_factories.application(cast.secretary)
    for by in (cast.secretary, cast.colleague, cast.secretary):
        workflow.save_section(application, by=by, section="register", answers=MINE)
    assert saves_in_the_audit_trail(cast.secretary) == 2
    assert saves_in_the_audit_trail(cast.colleague) == 1


def test_each_section_is_told_by_itself(cast) -> None:
    application = permit_factories.application(cast.secretary)
    for section in ("register", "legal", "register"):
        workflow.save_section(application, by=cast.secretary, section=section, answers=MINE)
    assert saves_in_the_audit_trail(cast.secretary) == 2


def test_it_is_not_for_getting(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    assert sign_in(cast.secretary).get(save_url(application)).status_code == 405


def test_what_was_submitted_is_not_changed(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    assert sign_in(cast.secretary).post(save_url(application), MINE).status_code == 403
    assert stored(application) != "Minun"
