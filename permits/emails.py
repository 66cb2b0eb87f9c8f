"""Notices by e-mail: one table says who is told what; the mail holds a link and no data of the case.

A notice is a row of `NOTICES`. It is queued for each receiver in the caller's transaction, and sent once by
a worker in the receiver's language.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from permits import acts
from permits.models import Application, ApplicationShare, Permit, Proposal, Statement
from portal import outbox
from portal.models import Job, User
from portal.outbox import Lease
from portal.roles import Role


@dataclass(frozen=True)
class Notice:
    """What a mail says; `%(number)s` is the case's or the permit's number. `page` is where its link leads."""

    subject: Any
    text: Any
    page: str


OWN_PAGE, STAFF_PAGE, PERMIT_PAGE = "permits:application", "permits:review", "permits:permit"

NOTICES: Mapping[str, Notice] = {
    "submitted": Notice(
        _("Application %(number)s has arrived"),
        _("We have received the application for a data permit. Its page tells by which day it is decided."),
        OWN_PAGE,
    ),
    "resubmitted": Notice(
        _("Your answer on application %(number)s has arrived"),
        _("We have received what we asked for. The review goes on."),
        OWN_PAGE,
    ),
    "answered": Notice(
        _("Application %(number)s: the applicant has answered"),
        _("The applicant has sent what was asked for. The clock runs again."),
        STAFF_PAGE,
    ),
    "withdrawn": Notice(
        _("Application %(number)s has been withdrawn"),
        _("The application has been withdrawn. Nothing more happens to it."),
        OWN_PAGE,
    ),
    "withdrawn_from_handler": Notice(
        _("Application %(number)s has been withdrawn"),
        _("The applicant has taken the application back. There is nothing more to do."),
        STAFF_PAGE,
    ),
    "information_requested": Notice(
        _("We need more information on application %(number)s"),
        _("Sign in to see what we ask and by which day. The handling waits for your answer."),
        OWN_PAGE,
    ),
    "went_on": Notice(
        _("The review of application %(number)s goes on"),
        _("The handler goes on with the information that there is. The reason is on the application's page."),
        OWN_PAGE,
    ),
    "message_to_applicant": Notice(
        _("A message on application %(number)s"),
        _("The registry has written to you. Sign in to read the message and to answer."),
        OWN_PAGE,
    ),
    "message_to_handler": Notice(
        _("A message on application %(number)s"), _("The applicant has written a message."), STAFF_PAGE
    ),
    "assigned": Notice(
        _("Application %(number)s has been given to you"), _("You are now its handler."), STAFF_PAGE
    ),
    "statement_asked": Notice(
        _("Your statement is wanted on application %(number)s"),
        _("Sign in to see what is asked and by which day."),
        STAFF_PAGE,
    ),
    "statement_given": Notice(
        _("A statement on application %(number)s has been given"),
        _("The statement that you asked for is on the application's page."),
        STAFF_PAGE,
    ),
    "statement_cancelled": Notice(
        _("Your statement on application %(number)s is no longer needed"),
        _("The case goes on without the statement that was asked of you."),
        STAFF_PAGE,
    ),
    "proposed": Notice(
        _("Application %(number)s waits for a decision"),
        _("A proposal has been made. Another official than its preparer decides."),
        STAFF_PAGE,
    ),
    "proposal_returned": Notice(
        _("Your proposal on application %(number)s came back"),
        _("The reason is on the application's page."),
        STAFF_PAGE,
    ),
    "decided": Notice(
        _("Application %(number)s has been decided"),
        _("Sign in to read the decision, its reasons and how to appeal."),
        OWN_PAGE,
    ),
    "shared": Notice(
        _("Application %(number)s has been shared with you"),
        _("Sign in with this address, or open an account for it, to read the application."),
        OWN_PAGE,
    ),
    "granted": Notice(
        _("Permit %(number)s waits for your acceptance"),
        _("As the signing official, accept the permit's terms and conditions before the first order."),
        PERMIT_PAGE,
    ),
    "suspended": Notice(
        _("Permit %(number)s has been suspended"),
        _("The permit can't be used for now. The reason is on its page."),
        PERMIT_PAGE,
    ),
    "resumed": Notice(
        _("Permit %(number)s is no longer suspended"),
        _("The suspension has ended. From which day the permit can be used is on its page."),
        PERMIT_PAGE,
    ),
    "revoked": Notice(
        _("Permit %(number)s has been revoked"),
        _("The permit can't be used any more. The reason is on its page."),
        PERMIT_PAGE,
    ),
    "expired": Notice(
        _("Permit %(number)s has expired"),
        _("The permit's last day has passed. You can apply for its renewal."),
        PERMIT_PAGE,
    ),
}

TOLD_TO_HANDLER = {"resubmitted": "answered", "withdrawn": "withdrawn_from_handler"}
"""What the handler is told beside what the applicant's people are."""


def notify(application: Application, notice: str, occasion: str = "") -> None:
    """Queue a notice of the case to whom it concerns: the applicant's people, or the handler."""
    if NOTICES[notice].page == STAFF_PAGE:
        receivers: Iterable[User] = filter(None, [application.handler])
    else:
        receivers = _applicants(application)
    stamp = occasion or timezone.now().isoformat()
    for receiver in receivers:
        _queue(notice, str(application.pk), application.number, receiver, stamp)
    if notice in TOLD_TO_HANDLER:
        notify(application, TOLD_TO_HANDLER[notice], stamp)


def _applicants(application: Application) -> list[User]:
    """Who made or submitted the application and still applies for it; failing that, all who apply."""
    people = User.objects.filter(
        memberships__organisation=application.organisation, memberships__role=Role.APPLICANT
    ).distinct()
    acted = [application.created_by_id, *application.submissions.values_list("by", flat=True)]
    return list(people.filter(pk__in=acted)) or list(people)


def assigned(application: Application) -> None:
    notify(application, "assigned")


def statement_asked(statement: Statement) -> None:
    case = statement.application
    _queue("statement_asked", str(case.pk), case.number, statement.asked_of, str(statement.pk))


def statement_given(statement: Statement) -> None:
    case = statement.application
    _queue("statement_given", str(case.pk), case.number, statement.asked_by, str(statement.pk))


def statement_cancelled(statement: Statement) -> None:
    case = statement.application
    _queue("statement_cancelled", str(case.pk), case.number, statement.asked_of, str(statement.pk))


def proposed(application: Application, proposal: Proposal) -> None:
    """Tell every official who may decide."""
    members = application.organisation.memberships.values("user")
    deciders = User.objects.filter(memberships__role=Role.OFFICIAL, is_active=True).exclude(pk__in=members)
    for official in deciders.exclude(pk=proposal.made_by_id).distinct():
        _queue("proposed", str(application.pk), application.number, official, str(proposal.pk))


def proposal_returned(application: Application, proposal: Proposal) -> None:
    _queue("proposal_returned", str(application.pk), application.number, proposal.made_by, str(proposal.pk))


def share(made: ApplicationShare) -> None:
    """Tell the reader, who may have no account yet."""
    case = made.application
    language = made.user.language if made.user else case.language
    _enqueue(
        "shared", str(case.pk), case.number, f"share-{made.pk}", {"share": made.pk, "language": language}
    )


def granted(permit: Permit) -> None:
    """Ask the holder's signing officials to accept the permit."""
    for official in _members(permit, Role.SIGNATORY):
        _queue("granted", str(permit.pk), str(permit), official, "granted")


def permit_changed(permit: Permit, notice: str, occasion: str) -> None:
    """Tell the holder's people what became of the permit."""
    for member in _members(permit, Role.APPLICANT, Role.SIGNATORY):
        _queue(notice, str(permit.pk), str(permit), member, occasion)


def _members(permit: Permit, *roles: Role) -> list[User]:
    return list(
        User.objects.filter(
            memberships__organisation=permit.organisation_id, memberships__role__in=roles
        ).distinct()
    )


def expired(permits: Sequence[Permit]) -> None:
    """Queue the notices of thousands of permits at once; the sweep gives them to the workers in turn."""
    holders: dict[Any, set[Any]] = {}
    pairs = User.objects.filter(
        memberships__organisation__in={permit.organisation_id for permit in permits} - {None},
        memberships__role__in=[Role.APPLICANT, Role.SIGNATORY],
    ).values_list("memberships__organisation", "pk")
    for organisation, user in pairs:
        holders.setdefault(organisation, set()).add(user)
    jobs = [
        Job(
            task="permits.mail",
            key=f"expired:{permit.pk.hex}:{user.hex}",
            payload=_payload("expired", str(permit.pk), str(permit), {"user": str(user)}),
        )
        for permit in permits
        for user in sorted(holders.get(permit.organisation_id, ()))
    ]
    Job.objects.bulk_create(jobs, batch_size=1000, ignore_conflicts=True)


def _queue(notice: str, pk: str, number: str, receiver: User, occasion: str) -> None:
    _enqueue(notice, pk, number, f"{receiver.pk}:{occasion}", {"user": str(receiver.pk)})


def _enqueue(notice: str, pk: str, number: str, occasion: str, to: dict[str, Any]) -> None:
    digest = hashlib.sha256(f"{pk}:{occasion}".encode()).hexdigest()[:32]
    outbox.queue("permits.mail", f"{notice}:{digest}", **_payload(notice, pk, number, to))


def _payload(notice: str, pk: str, number: str, to: dict[str, Any]) -> dict[str, Any]:
    return {"notice": notice, "of": pk, "number": number, **to}


def send(lease: Lease) -> None:
    """Send one notice. The job's end is stored before the sending is committed, so a fault repeats it."""
    payload = lease.payload
    address, language = _address(payload)
    notice = NOTICES[payload["notice"]]
    link = settings.SITE_URL + reverse(notice.page, args=[payload["of"]])
    with transaction.atomic(), translation.override(language):
        lease.finish()
        if address is None:  # gone since: nobody is left to tell
            return
        subject = notice.subject % {"number": payload["number"]}
        body = render_to_string("emails/permit_notice.txt", {"text": notice.text, "link": link})
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _address(payload: dict[str, Any]) -> tuple[str | None, str]:
    """Where to send it and in which language; None where it no longer concerns the receiver."""
    if "share" in payload:
        share_row = ApplicationShare.objects.filter(pk=payload["share"], ended_at=None).first()
        return (share_row.email if share_row else None), payload["language"]
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None or not _concerns(user, payload):
        return None, "fi"
    return user.email, user.language


def _concerns(user: User, payload: dict[str, Any]) -> bool:
    """Whether the user is still what made the notice theirs: roles may have been taken away since."""
    page = NOTICES[payload["notice"]].page
    if page == PERMIT_PAGE:
        parties = acts.permit_parties(user, Permit.objects.get(pk=payload["of"]))
        return bool(parties & {acts.Party.APPLICANT, acts.Party.SIGNATORY})
    parties = acts.application_parties(user, Application.objects.get(pk=payload["of"]))
    return (acts.Party.HANDLER if page == STAFF_PAGE else acts.Party.APPLICANT) in parties
