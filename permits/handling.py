"""What officials do with an application. Each verb checks, changes and records in one transaction.

`seen` is the application's `changed_at` when the page was opened: where another official has acted since,
the verb raises `Overtaken`, and the page shows what was done beside what was written.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from permits import acts, checklist, emails, granting, participation, states
from permits.form import form_spec
from permits.models import (
    Application,
    ChecklistMark,
    Decision,
    InformationRequest,
    Message,
    Proposal,
    Statement,
)
from permits.workflow import cancel_statements, set_due
from portal import outbox
from portal.access import Denied
from portal.audit import record
from portal.calendar import due_day, local_day, months_after
from portal.events import Event
from portal.models import User
from portal.roles import Role
from portal.states import Conflict, move

ANSWER_DAYS = 14
"""For how many days an applicant has time to answer, where the handler does not say another day."""
MOST_ANSWER_MONTHS = 3


class Overtaken(Conflict):
    """Another official has acted on the application since the page was opened."""


def _begin(act: str, application: Application, by: User, seen: datetime | None = None) -> datetime:
    """Hold the row, check the act, and mark the change; returns its moment."""
    Application.objects.select_for_update().get(pk=application.pk)
    application.refresh_from_db()
    if seen is not None and application.changed_at != seen:
        raise Overtaken("another official has acted on the application")
    acts.check(act, by, application)
    now = timezone.now()
    application.changed_at = now
    application.save(update_fields=["changed_at"])
    return now


@transaction.atomic
def take(
    application: Application, *, by: User, handler: User | None = None, seen: datetime | None = None
) -> None:
    """Make `handler` (or oneself) the one who handles the application; its review begins."""
    handler = handler or by
    now = _begin("take", application, by, seen)
    if Role.OFFICIAL not in handler.role_names:
        raise Denied(_("Only an official can handle an application."))
    _check_not_member(handler, application)
    if application.status == states.SUBMITTED:
        move(application, states.IN_REVIEW, by=by, handler=handler, taken_at=now)
    else:
        Application.objects.filter(pk=application.pk).update(handler=handler, taken_at=now)
        application.refresh_from_db()
    record(Event.APPLICATION_ASSIGNED, by=by, about=application, handler=handler.pk)
    if handler != by:
        emails.assigned(application)


def _check_not_member(official: User, application: Application) -> None:
    """Nobody handles a case of an organisation of which they are a member, or that they acted for in it.

    Act 434/2003, 28 §.
    """
    if participation.acted_in(official, application):
        raise Denied(_("This official has acted for the applicant and can't handle the case."))
    if application.organisation.memberships.filter(user=official).exists():
        raise Denied(_("This official is a member of the applying organisation and can't handle its case."))


@transaction.atomic
def mark(
    application: Application,
    *,
    by: User,
    marks: Mapping[str, tuple[str, str]],
    seen: datetime | None = None,
) -> None:
    """Note what was found at points of the checklist: item to (verdict, comment)."""
    _begin("check", application, by, seen)
    if not marks.keys() <= checklist.ITEMS.keys():
        raise Denied(_("There is no such point on the checklist."))
    for item, (verdict, comment) in marks.items():
        ChecklistMark.objects.update_or_create(
            application=application,
            item=item,
            defaults={"verdict": verdict, "comment": comment, "by": by, "at": timezone.now()},
        )
        record(Event.APPLICATION_CHECKED, by=by, about=application, item=item, verdict=verdict)


@transaction.atomic
def note(application: Application, *, by: User, text: str) -> Message:
    """Write a private note, which officials alone see."""
    acts.check("note", by, application)
    made = Message.objects.create(
        application=application, by=by, text=text, is_private=True, from_registry=True
    )
    record(Event.APPLICATION_NOTED, by=by, about=application, message=made.pk)
    return made


@transaction.atomic
def message(application: Application, *, by: User, text: str) -> Message:
    """Write to the other side: an applicant to the registry, an official to the applicant."""
    acts.check("message", by, application)
    from_registry = acts.Party.HANDLER in acts.application_parties(by, application)
    made = Message.objects.create(application=application, by=by, text=text, from_registry=from_registry)
    record(Event.MESSAGE_SENT, by=by, about=application, message=made.pk, from_registry=from_registry)
    emails.notify(
        application, "message_to_applicant" if from_registry else "message_to_handler", str(made.pk)
    )
    return made


@transaction.atomic
def ask_information(
    application: Application,
    *,
    by: User,
    text: str,
    answer_by: date | None = None,
    sections: Sequence[str] = (),
    seen: datetime | None = None,
) -> InformationRequest:
    """Ask the applicant for more: the form opens again, and the clock stands still until the answer."""
    now = _begin("ask_information", application, by, seen)
    today = local_day(now)
    day = answer_by or due_day(today + timedelta(days=ANSWER_DAYS))
    _check_answer_day(day, today)
    request = InformationRequest.objects.create(
        application=application,
        asked_at=now,
        asked_by=by,
        text=text,
        sections=[name for name in sections if name in form_spec.SECTIONS_BY_NAME],
        answer_by=day,
    )
    move(application, states.INFO_REQUESTED, by=by, details={"request": request.pk, "answer_by": day})
    set_due(application)
    emails.notify(application, "information_requested", str(request.pk))
    return request


def _check_answer_day(day: date, today: date) -> None:
    """The clock stands still until the answer: it must come some day, and not years from now."""
    if day <= today:
        raise Denied(_("Give the applicant time: the day must lie ahead."), "answer_by")
    if day > months_after(today, MOST_ANSWER_MONTHS):
        raise Denied(_("Give a day at most three months ahead."), "answer_by")


@transaction.atomic
def go_on(application: Application, *, by: User, reason: str, seen: datetime | None = None) -> None:
    """Go on without the answer, for a reason that the applicant sees: the clock runs again from today."""
    now = _begin("go_on", application, by, seen)
    if not reason.strip():
        raise Denied(_("Tell the applicant why you go on without an answer."), "reason")
    application.information_requests.filter(ended_at=None).update(ended_at=now, end_reason=reason)
    move(application, states.IN_REVIEW, by=by, frm=states.INFO_REQUESTED, details={"answered": False})
    set_due(application)
    emails.notify(application, "went_on", now.isoformat())


@transaction.atomic
def ask_statement(
    application: Application, *, by: User, of: User, question: str, wanted_by: date
) -> Statement:
    """Ask another official of the registry for an expert opinion; the clock runs on."""
    now = _begin("ask_statement", application, by)
    if Role.OFFICIAL not in of.role_names or of == by:
        raise Denied(_("Ask another official of the registry."))
    _check_not_member(of, application)
    if wanted_by <= local_day(now):
        raise Denied(_("The day by which the statement is wanted must lie ahead."), "wanted_by")
    made = Statement.objects.create(
        application=application, asked_by=by, asked_of=of, question=question, wanted_by=wanted_by
    )
    record(Event.STATEMENT_ASKED, by=by, about=application, statement=made.pk, of=of.pk)
    emails.statement_asked(made)
    return made


@transaction.atomic
def give_statement(statement: Statement, *, by: User, answer: str) -> None:
    """Answer, once, as the expert who was asked."""
    _begin("give_statement", statement.application, by)
    if statement.asked_of != by:
        raise Denied(_("The statement was asked of another official."))
    open_ones = Statement.objects.filter(pk=statement.pk, answered_at=None, cancelled_at=None)
    if not open_ones.update(answer=answer, answered_at=timezone.now()):
        raise Denied(_("The statement has already been given or is no longer wanted."))
    statement.refresh_from_db()
    record(Event.STATEMENT_GIVEN, by=by, about=statement.application, statement=statement.pk)
    emails.statement_given(statement)


@transaction.atomic
def cancel_statement(statement: Statement, *, by: User) -> None:
    """Do without the opinion."""
    _begin("ask_statement", statement.application, by)
    open_ones = Statement.objects.filter(pk=statement.pk, answered_at=None, cancelled_at=None)
    if open_ones.update(cancelled_at=timezone.now()):
        record(Event.STATEMENT_CANCELLED, by=by, about=statement.application, statement=statement.pk)
        emails.statement_cancelled(statement)


@transaction.atomic
def propose(application: Application, *, by: User, seen: datetime | None = None, **content: Any) -> Proposal:
    """Propose a decision; `content` are the fields of `permits.models.decision.Content`."""
    now = _begin("propose", application, by, seen)
    submission = application.latest
    assert submission is not None  # noqa: S101  (what is reviewed was submitted)
    proposal = Proposal(application=application, submission=submission, made_by=by, made_at=now, **content)
    granting.check_content(proposal)
    proposal.save()
    move(application, states.PROPOSED, by=by, details={"proposal": proposal.pk, "outcome": proposal.outcome})
    emails.proposed(application, proposal)
    return proposal


@transaction.atomic
def return_proposal(application: Application, *, by: User, reason: str, seen: datetime | None = None) -> None:
    """Give the proposal back to its preparer, or take back one's own."""
    now = _begin("return_proposal", application, by, seen)
    proposal = application.proposals.get(ended_at=None)
    proposal.ended_at, proposal.returned_by, proposal.return_reason = now, by, reason
    proposal.save(update_fields=["ended_at", "returned_by", "return_reason"])
    details = {"proposal": proposal.pk, "own": by == proposal.made_by}
    move(application, states.IN_REVIEW, by=by, frm=states.PROPOSED, details=details)
    if by != proposal.made_by:
        emails.proposal_returned(application, proposal)


@transaction.atomic
def decide(application: Application, *, by: User, seen: datetime | None = None) -> Decision:
    """Decide as proposed, as another person than the preparer; a permit comes of it where it grants one."""
    now = _begin("decide", application, by, seen)
    proposal = application.proposals.get(ended_at=None)
    decision = _decision(application, proposal, by=by, at=now)
    to = states.APPROVED if decision.grants else states.REJECTED
    cancel_statements(application, now)
    move(application, to, by=by, details={"outcome": decision.outcome}, decided_at=now, ended_at=now)
    if decision.grants:
        granting.grant(decision, by=by)
    outbox.queue("permits.document", f"decision:{decision.pk}", kind="decision", of=str(decision.pk))
    emails.notify(application, "decided")
    return decision


def _decision(application: Application, proposal: Proposal, *, by: User, at: datetime) -> Decision:
    """The decision's row. Where the proposed first day has passed, the permit begins on the day of this."""
    assert application.due_on is not None  # noqa: S101  (what is reviewed was submitted)
    first_day = max(proposal.valid_from or date.min, local_day(at)) if proposal.grants else None
    decision = Decision(
        application=application,
        submission=proposal.submission,
        prepared_by=proposal.made_by,
        decided_by=by,
        decided_at=at,
        due_on=application.due_on,
        **{name: getattr(proposal, name) for name in granting.CONTENT} | {"valid_from": first_day},
    )
    granting.check_content(decision)
    decision.save(force_insert=True)
    proposal.ended_at = at
    proposal.save(update_fields=["ended_at"])
    return decision
