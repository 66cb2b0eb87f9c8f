"""Who is told what by mail: by each act, exactly once, in the reader's language, without content."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from permits import granting, handling, workflow
from permits.emails import NOTICES
from permits.models import Application, Permit
from portal import outbox
from portal.calendar import local_day
from portal.models import Job, User
from portal.roles import Role
from tests import factories
from tests import permit_factories as made

SECRET = "Arkaluonteinen selostus"
READER = "lukija@muualla.example"
LANGUAGES = {"secretary": "sv", "rector": "en", "official": "fi", "expert": "sv", "decider": "en"}

Scene = SimpleNamespace
Case = Any


def _asked_statement(s: Scene) -> Case:
    case = made.reviewed_application(s.secretary, s.official)
    day = local_day(timezone.now()) + timedelta(days=5)
    return handling.ask_statement(case, by=s.official, of=s.expert, question=SECRET, wanted_by=day)


def _proposed(s: Scene) -> Case:
    return made.proposed_application(s.secretary, s.official, reasons=SECRET, conditions=SECRET)


def _with_open_statement(s: Scene) -> Case:
    case = _asked_statement(s).application
    made.propose(case, s.official)
    return case


def _submitted(s: Scene) -> Case:
    return made.submitted_application(s.secretary)


def _reviewed(s: Scene) -> Case:
    return made.reviewed_application(s.secretary, s.official)


def _asked(s: Scene) -> Case:
    return made.asked_application(s.secretary, s.official)


def _granted(s: Scene) -> Case:
    return made.granted_permit(s.secretary, s.official, s.decider)


def _suspended(s: Scene) -> Case:
    permit = _granted(s)
    granting.suspend(permit, by=s.official, reason=SECRET)
    return permit


def _ask_statement(s: Scene, case: Application) -> None:
    day = local_day(timezone.now()) + timedelta(days=5)
    handling.ask_statement(case, by=s.official, of=s.expert, question=SECRET, wanted_by=day)


# act: how the case came so far, the act, and who is told what by it
ACTS: dict[str, tuple[Callable[[Scene], Case], Callable[[Scene, Case], object], dict[str, set[str]]]] = {
    "begin": (lambda s: s, lambda s, c: made.filled_application(s.secretary), {}),
    "submit": (
        lambda s: made.filled_application(s.secretary),
        lambda s, c: workflow.submit(c, by=s.secretary, committed_by=SECRET),
        {"submitted": {"secretary"}},
    ),
    "answer": (
        _asked,
        lambda s, c: made.answer(c, s.secretary, logs=SECRET),
        {"resubmitted": {"secretary"}, "answered": {"official"}},
    ),
    "withdraw_draft": (
        lambda s: made.application(s.secretary),
        lambda s, c: workflow.withdraw(c, by=s.secretary),
        {},
    ),
    "withdraw_untaken": (
        _submitted,
        lambda s, c: workflow.withdraw(c, by=s.secretary),
        {"withdrawn": {"secretary"}},
    ),
    "withdraw": (
        lambda s: _asked_statement(s).application,
        lambda s, c: workflow.withdraw(c, by=s.secretary),
        {
            "withdrawn": {"secretary"},
            "withdrawn_from_handler": {"official"},
            "statement_cancelled": {"expert"},
        },
    ),
    "share": (
        _submitted,
        lambda s, c: workflow.share(c, by=s.secretary, email=READER),
        {"shared": {"reader"}},
    ),
    "take": (_submitted, lambda s, c: handling.take(c, by=s.official), {}),
    "assign": (
        _submitted,
        lambda s, c: handling.take(c, by=s.official, handler=s.expert),
        {"assigned": {"expert"}},
    ),
    "note": (_reviewed, lambda s, c: handling.note(c, by=s.expert, text=SECRET), {}),
    "mark": (
        _reviewed,
        lambda s, c: handling.mark(c, by=s.official, marks={"purpose": ("ok", SECRET)}),
        {},
    ),
    "message_of_official": (
        _reviewed,
        lambda s, c: handling.message(c, by=s.official, text=SECRET),
        {"message_to_applicant": {"secretary"}},
    ),
    "message_of_applicant": (
        _reviewed,
        lambda s, c: handling.message(c, by=s.secretary, text=SECRET),
        {"message_to_handler": {"official"}},
    ),
    "ask_information": (
        _reviewed,
        lambda s, c: made.ask(c, s.official, text=SECRET),
        {"information_requested": {"secretary"}},
    ),
    "go_on": (
        _asked,
        lambda s, c: handling.go_on(c, by=s.official, reason="Määräpäivä on ohi."),
        {"went_on": {"secretary"}},
    ),
    "ask_statement": (_reviewed, _ask_statement, {"statement_asked": {"expert"}}),
    "give_statement": (
        _asked_statement,
        lambda s, c: handling.give_statement(c, by=s.expert, answer=SECRET),
        {"statement_given": {"official"}},
    ),
    "cancel_statement": (
        _asked_statement,
        lambda s, c: handling.cancel_statement(c, by=s.official),
        {"statement_cancelled": {"expert"}},
    ),
    "propose": (
        _reviewed,
        lambda s, c: made.propose(c, s.official, reasons=SECRET),
        {"proposed": {"expert", "decider"}},
    ),
    "return_proposal": (
        _proposed,
        lambda s, c: handling.return_proposal(c, by=s.decider, reason=SECRET),
        {"proposal_returned": {"official"}},
    ),
    "take_back_proposal": (
        _proposed,
        lambda s, c: handling.return_proposal(c, by=s.official, reason=SECRET),
        {},
    ),
    "decide": (
        _proposed,
        lambda s, c: handling.decide(c, by=s.decider),
        {"decided": {"secretary"}, "granted": {"rector"}},
    ),
    "reject": (
        lambda s: made.proposed_application(s.secretary, s.official, outcome="reject", reasons=SECRET),
        lambda s, c: handling.decide(c, by=s.decider),
        {"decided": {"secretary"}},
    ),
    "decide_without_statement": (
        _with_open_statement,
        lambda s, c: handling.decide(c, by=s.decider),
        {"decided": {"secretary"}, "granted": {"rector"}, "statement_cancelled": {"expert"}},
    ),
    "accept": (_granted, lambda s, c: granting.accept(c, by=s.rector, name=SECRET), {}),
    "suspend": (
        _granted,
        lambda s, c: granting.suspend(c, by=s.official, reason=SECRET),
        {"suspended": {"secretary", "colleague", "rector"}},
    ),
    "resume": (
        _suspended,
        lambda s, c: granting.resume(c, by=s.official, reason=SECRET),
        {"resumed": {"secretary", "colleague", "rector"}},
    ),
    "revoke": (
        _granted,
        lambda s, c: granting.revoke(c, by=s.official, reason=SECRET),
        {"revoked": {"secretary", "colleague", "rector"}},
    ),
    "expire": (
        lambda s: made.granted_permit(
            s.secretary, s.official, s.decider, valid_to=local_day(timezone.now()) + timedelta(days=30)
        ),
        lambda s, c: granting.expire_due(local_day(timezone.now()) + timedelta(days=31)),
        {"expired": {"secretary", "colleague", "rector"}},
    ),
}


@pytest.fixture
def scene(cast: SimpleNamespace) -> Scene:
    """The cast, a signing official, a manager and three more officials; they read in different languages."""
    cast.rector = factories.user("Reetta Rehtori", cast.school, Role.SIGNATORY)
    cast.manager = factories.user("Matti Manageri", cast.school, Role.MANAGER)
    cast.expert = factories.user("Eeva Asiantuntija", cast.registry, Role.OFFICIAL)
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    disqualified = factories.user("Dora Dosentti", cast.registry, Role.OFFICIAL)
    cast.school.memberships.create(user=disqualified, role=Role.MANAGER)
    for name, language in LANGUAGES.items():
        User.objects.filter(pk=getattr(cast, name).pk).update(language=language)
        getattr(cast, name).refresh_from_db()
    return cast


def send_all() -> list[Any]:
    """What the workers send of the mails that wait."""
    mail.outbox.clear()
    for job in Job.objects.filter(task="permits.mail", done_at=None):
        outbox.run(job.pk)
    return list(mail.outbox)


def happened(scene: Scene, act: str) -> Case:
    """Bring a case to where the act is done, let old mails go, and do it; returns what it was done to."""
    prepare, do, _told = ACTS[act]
    case = prepare(scene)
    send_all()
    do(scene, case)
    return case


def expected(scene: Scene, case: Case, told: dict[str, set[str]]) -> list[tuple[str, str, str]]:
    """(address, subject, link) of each mail, in its reader's language."""
    found = []
    for notice, names in told.items():
        about = _about(notice, case)
        link = settings.SITE_URL + reverse(NOTICES[notice].page, args=[about.pk])
        for name in names:
            user = getattr(scene, name, None)
            with translation.override(user.language if user else "fi"):
                subject = str(NOTICES[notice].subject) % {"number": about}
            found.append((user.email if user else READER, subject, link))
    return sorted(found)


def _about(notice: str, case: Case) -> Application | Permit:
    if notice == "granted":
        return Permit.objects.get(decision__application=case)
    return getattr(case, "application", case)  # a statement's


@pytest.mark.parametrize("act", ACTS)
def test_each_act_tells_whom_it_concerns_once_in_their_language(scene: Scene, act: str) -> None:
    case = happened(scene, act)
    sent = send_all()
    found = sorted((one.to[0], one.subject, _link(one.body)) for one in sent)
    assert found == expected(scene, case, ACTS[act][2])
    assert all(len(one.to) == 1 and not one.cc and not one.bcc for one in sent)
    assert send_all() == []


def _link(body: str) -> str:
    return next(line for line in body.splitlines() if line.startswith(settings.SITE_URL))


@pytest.mark.parametrize("act", ACTS)
def test_no_mail_holds_a_name_or_anything_of_the_case(scene: Scene, act: str) -> None:
    happened(scene, act)
    people = [scene.secretary, scene.rector, scene.official, scene.expert, scene.decider]
    private = {SECRET, made.REASONS, scene.school.name, scene.school.business_id}
    private |= {person.name for person in people} | {str(v) for v in made.complete_answers().values()}
    for one in send_all():
        text = one.subject + one.body
        assert [word for word in private if len(word) > 3 and word in text] == []


def test_every_notice_is_sent_by_some_act() -> None:
    assert {notice for _prepare, _do, told in ACTS.values() for notice in told} == set(NOTICES)


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_notice_is_in_finnish_and_swedish(notice: str, language: str) -> None:
    with translation.override("en"):
        msgids = str(NOTICES[notice].subject), str(NOTICES[notice].text)
    with translation.override(language):
        texts = str(NOTICES[notice].subject), str(NOTICES[notice].text)
    assert all(text != msgid for text, msgid in zip(texts, msgids, strict=True))
    assert "%(number)s" in texts[0]


def test_who_has_lost_membership_before_the_mail_goes_is_not_told(scene: Scene) -> None:
    happened(scene, "ask_information")
    scene.school.memberships.filter(user=scene.secretary).delete()
    assert send_all() == []


def test_who_is_no_official_any_more_is_not_told(scene: Scene) -> None:
    happened(scene, "ask_statement")
    scene.registry.memberships.filter(user=scene.expert).delete()
    assert send_all() == []


def test_who_no_longer_signs_for_the_holder_is_not_told(scene: Scene) -> None:
    happened(scene, "suspend")
    scene.school.memberships.filter(user=scene.rector).delete()
    assert sorted(one.to[0] for one in send_all()) == sorted([scene.secretary.email, scene.colleague.email])


def test_a_closed_account_is_not_told(scene: Scene) -> None:
    happened(scene, "ask_information")
    User.objects.filter(pk=scene.secretary.pk).update(is_active=False)
    assert send_all() == []


def test_a_reader_whose_right_has_ended_is_not_told(scene: Scene) -> None:
    case = happened(scene, "share")
    workflow.end_share(case, by=scene.secretary, share=case.shares.get())
    assert send_all() == []


def test_when_who_applied_has_left_the_others_who_apply_are_told(scene: Scene) -> None:
    case = made.reviewed_application(scene.secretary, scene.official)
    scene.school.memberships.filter(user=scene.secretary).delete()
    send_all()
    made.ask(case, scene.official)
    assert [one.to for one in send_all()] == [[scene.colleague.email]]


def test_what_came_on_paper_is_told_to_those_who_apply_for_the_organisation(scene: Scene) -> None:
    case = made.paper_application(scene.official, scene.school, date(2026, 11, 2))
    send_all()
    handling.take(case, by=scene.expert)
    made.ask(case, scene.expert)
    assert {one.to[0] for one in send_all()} == {scene.secretary.email, scene.colleague.email}


def test_a_mail_that_could_not_be_sent_is_sent_again_and_then_no_more(scene: Scene, settings: Any) -> None:
    happened(scene, "ask_information")
    job = Job.objects.get(task="permits.mail", done_at=None)
    settings.EMAIL_BACKEND, works = "django.core.mail.backends.smtp.EmailBackend", settings.EMAIL_BACKEND
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(ConnectionError):
        outbox.run(job.pk)
    settings.EMAIL_BACKEND = works
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert len(send_all()) == 1
    outbox.run(job.pk)
    assert len(mail.outbox) == 1
