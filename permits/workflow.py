"""What people of the applying organisation do. Each verb checks, changes and records in one transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from permits import acts, emails, review, states
from permits.form import form_spec
from permits.models import Application, ApplicationShare, Attachment, Permit, Submission, Terms
from portal import outbox, storage
from portal.access import Denied
from portal.audit import record
from portal.calendar import local_day
from portal.events import Event
from portal.limits import check_not_too_often
from portal.models import Organisation, User
from portal.roles import Role
from portal.states import Conflict, move
from portal.uploads import EncryptedUpload

MAX_ATTACHMENTS = 20
TELL_SAVES_EVERY = timedelta(minutes=10)
"""Pages save every few seconds while somebody types: the audit trail has one row for each section, person and
this time, and another as soon as somebody else has saved. The application itself knows the last save."""


@dataclass
class Changed(Exception):
    """A colleague has saved the section since the page was opened: who, when, the answers as they stand."""

    by: str
    at: str
    answers: dict[str, Any]


def create(
    *,
    by: User,
    organisation: Organisation,
    token: uuid.UUID,
    kind: str = Application.Kind.NEW,
    amends: Permit | None = None,
    copy_of: Application | None = None,
    language: str = "fi",
    received_on: date | None = None,
) -> Application:
    """Begin an application; the same token gives the same one.

    `copy_of` and `amends` give its first answers; `received_on` is for one that came on paper.
    Raises Denied for who may not apply for the organisation.
    """
    _check_may_apply(by, organisation, received_on)
    _check_may_begin_from(by, kind, amends, copy_of)
    with transaction.atomic():
        application, made = Application.objects.get_or_create(
            pk=token,
            defaults={
                "organisation": organisation,
                "created_by": by,
                "kind": kind,
                "amends": amends,
                "copied_from": copy_of,
                "language": language if language in Application.Language.values else "fi",
                "answers": _first_answers(organisation, amends, copy_of),
                "received_on": received_on,
            },
        )
        if (application.created_by, application.organisation) != (by, organisation):
            raise Conflict("the token is another application's")
        if made:
            record(Event.APPLICATION_CREATED, by=by, about=application, kind=kind)
    application.refresh_from_db()
    return application


def _check_may_begin_from(by: User, kind: str, amends: Permit | None, copy_of: Application | None) -> None:
    if amends is not None:
        acts.check_permit("renew" if kind == Application.Kind.RENEWAL else "amend", by, amends)
    if copy_of is not None:
        acts.check("copy", by, copy_of)


def _check_may_apply(by: User, organisation: Organisation, received_on: date | None) -> None:
    mine = set(organisation.memberships.filter(user=by).values_list("role", flat=True))
    if received_on is None and Role.APPLICANT not in mine:
        raise Denied(_("Only a member who may apply for the organisation can do this."))
    if received_on is None:
        return
    if Role.OFFICIAL not in by.role_names or mine:
        raise Denied(
            _("Only an official who is not a member of the organisation can record its application.")
        )
    if received_on > local_day(timezone.now()):
        raise Denied(_("The day on which the application arrived can't be in the future."), "received_on")


def _first_answers(
    organisation: Organisation, amends: Permit | None, copy_of: Application | None
) -> dict[str, Any]:
    """What is known beforehand: copied answers, those behind the permit, or the organisation's own facts."""
    if copy_of is not None:
        return dict(copy_of.answers)
    if amends is not None and amends.decision is not None:
        return dict(amends.decision.submission.answers)
    return {
        "controller": organisation.name,
        "signing_name": organisation.signing_official_name,
        "signing_title": organisation.signing_official_title,
    }


def save_section(
    application: Application,
    *,
    by: User,
    section: str,
    answers: Mapping[str, Any],
    seen: int | None = None,
) -> int:
    """Store a section's answers as they stand, complete or not; returns how often it has been saved.

    `seen` is how often it had been when the page was opened. Raises Changed where somebody else has saved it
    since, and Denied once the application can't be edited.
    """
    with transaction.atomic():
        _lock(application)
        acts.check("edit", by, application)
        names = {question.name for question in form_spec.SECTIONS_BY_NAME[section].questions}
        last = application.saved.get(section, {"n": 0})
        if seen is not None and seen != last["n"] and last["by"] != str(by.pk):
            present = {name: application.answers.get(name) for name in names}
            raise Changed(last["by"], last["at"], present)
        application.answers |= {name: value for name, value in answers.items() if name in names}
        now = timezone.now()
        is_told = last.get("by") == str(by.pk) and now - TELL_SAVES_EVERY < datetime.fromisoformat(
            last["told"]
        )
        saved = {"n": last["n"] + 1, "by": str(by.pk), "at": now.isoformat()}
        saved["told"] = last["told"] if is_told else saved["at"]
        application.saved |= {section: saved}
        application.save(update_fields=["answers", "saved"])
        if not is_told:
            record(Event.APPLICATION_SAVED, by=by, about=application, section=section)
    return int(saved["n"])


def check_can_submit(application: Application, by: User) -> None:
    """Raise Denied unless it can be submitted now: complete, checked, of a verified organisation."""
    acts.check("submit", by, application)
    if not application.organisation.is_verified:
        raise Denied(
            _("The registry has not yet verified your organisation. You can fill in the form meanwhile.")
        )
    if form_spec.problems(application.answers):
        raise Denied(_("The application is not complete yet."))
    waiting = application.attachments.filter(removed_at=None)
    if waiting.filter(state=Attachment.State.RECEIVED).exists():
        raise Denied(_("An attachment is still being checked. Try again in a moment."))
    if waiting.filter(state=Attachment.State.REFUSED).exists():
        raise Denied(_("An attachment can't be used. Remove it first."))


def submit(application: Application, *, by: User, committed_by: str) -> Submission:
    """Submit the application, or what was asked for: from here on the clock runs.

    Raises Denied where it can't be submitted, and Conflict where a colleague was first.
    """
    with transaction.atomic():
        _lock(application)
        check_can_submit(application, by)
        first = application.status == states.DRAFT
        now = timezone.now()
        submission = _submission(application, by, committed_by, now)
        application.information_requests.filter(ended_at=None).update(ended_at=now, answered=True)
        changes: dict[str, Any] = {"changed_at": now}
        if first:
            changes["submitted_at"] = now
        move(
            application,
            states.SUBMITTED if first else states.IN_REVIEW,
            by=by,
            details={"submission": submission.number},
            **changes,
        )
        set_due(application)
        outbox.queue("permits.document", f"application:{submission.pk}", kind="application", of=submission.pk)
        emails.notify(application, "submitted" if first else "resubmitted")
    return submission


def _submission(application: Application, by: User, committed_by: str, at: datetime) -> Submission:
    ready = application.attachments.filter(removed_at=None, state=Attachment.State.READY)
    answers = form_spec.clean(application.answers)
    return Submission.objects.create(
        application=application,
        number=application.submissions.count() + 1,
        at=at,
        by=by,
        committed_by=committed_by,
        terms=Terms.objects.latest("published_on"),
        answers=answers,
        attachments=[str(pk) for pk in ready.values_list("pk", flat=True)],
    )


def set_due(application: Application) -> None:
    """Derive the due day from the stored facts and store it, for the lists."""
    assert application.starts_on is not None  # noqa: S101  (a bug, not a refusal)
    due = review.due_date(application.starts_on, application.stops, local_day(timezone.now()))
    application.due_on = due
    application.save(update_fields=["due_on"])


def cancel_statements(application: Application, at: datetime) -> None:
    """Tell the experts whose opinion is still awaited that the case does without it."""
    for statement in application.statements.filter(answered_at=None, cancelled_at=None):
        statement.cancelled_at = at
        statement.save(update_fields=["cancelled_at"])
        emails.statement_cancelled(statement)


def withdraw(application: Application, *, by: User) -> None:
    """Take the application back; what was written stays for a copy."""
    with transaction.atomic():
        _lock(application)
        acts.check("withdraw", by, application)
        was_open = application.is_open
        now = timezone.now()
        application.information_requests.filter(ended_at=None).update(ended_at=now)
        application.proposals.filter(ended_at=None).update(ended_at=now)
        cancel_statements(application, now)
        move(application, states.WITHDRAWN, by=by, ended_at=now, changed_at=now)
        if was_open:
            emails.notify(application, "withdrawn")


def share(application: Application, *, by: User, email: str) -> ApplicationShare:
    """Let the person with this address read the application, once signed in with it confirmed."""
    acts.check("share", by, application)
    address = email.strip().lower()
    if application.organisation.memberships.filter(user__email__iexact=address).exists():
        raise Denied(_("This person is a member of the organisation, and reads the application already."))
    check_not_too_often(by, Event.APPLICATION_SHARED)
    reader = User.objects.filter(email=address).first()
    with transaction.atomic():
        made, new = ApplicationShare.objects.get_or_create(
            application=application,
            email=address,
            ended_at=None,
            defaults={"shared_by": by, "user": reader},
        )
        if new:
            record(Event.APPLICATION_SHARED, by=by, about=application, share=made.pk)
            emails.share(made)
    return made


def end_share(application: Application, *, by: User, share: ApplicationShare) -> None:
    acts.check("share", by, application)
    with transaction.atomic():
        ended = application.shares.filter(pk=share.pk, ended_at=None).update(ended_at=timezone.now())
        if ended:
            record(Event.APPLICATION_SHARE_ENDED, by=by, about=application, share=share.pk)


def claim_shares(user: User) -> None:
    """Give a user who has confirmed the address what was shared with it before the account was opened."""
    ApplicationShare.objects.filter(email=user.email.lower(), user=None, ended_at=None).update(user=user)


def add_attachment(
    application: Application, *, by: User, upload: EncryptedUpload, description: str
) -> Attachment:
    """Keep an attachment; a worker checks it, and until then the application can't be submitted."""
    with transaction.atomic():
        _lock(application)
        acts.check("edit", by, application)
        if application.attachments.filter(removed_at=None).count() >= MAX_ATTACHMENTS:
            raise Denied(_("There can be at most %(count)d attachments.") % {"count": MAX_ATTACHMENTS})
        stored = upload.keep("attachments")
        attachment = Attachment.objects.create(
            application=application,
            added_by=by,
            given_name=(upload.name or "")[:200],
            description=description,
            **vars(stored),
        )
        record(Event.ATTACHMENT_ADDED, by=by, about=application, attachment=attachment.pk, size=stored.size)
        outbox.queue("permits.attachment", attachment.pk)
    return attachment


def remove_attachment(application: Application, *, by: User, attachment: Attachment) -> None:
    """Take an attachment away. One that was part of a submission stays with that; another is deleted."""
    with transaction.atomic():
        _lock(application)
        acts.check("edit", by, application)
        removed = application.attachments.filter(pk=attachment.pk, removed_at=None)
        if not removed.update(removed_at=timezone.now()):
            return
        attachment.refresh_from_db()  # a worker may have written it anew this instant
        record(Event.ATTACHMENT_REMOVED, by=by, about=application, attachment=attachment.pk)
        if not application.submissions.filter(attachments__contains=[str(attachment.pk)]).exists():
            Attachment.objects.filter(pk=attachment.pk).update(key_id="")  # no content lies there any more
            transaction.on_commit(lambda: storage.delete(attachment.name))


def _lock(application: Application) -> None:
    """Hold the row until the transaction's end, and read what is stored now."""
    Application.objects.select_for_update().get(pk=application.pk)
    application.refresh_from_db()
