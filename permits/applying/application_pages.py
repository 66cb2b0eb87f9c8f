"""What the applicant's pages show of an application: its tasks, its answers, how far it is."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permits import acts, states, words
from permits.applying.attachments import REASONS
from permits.decision_rows import content_rows
from permits.documents.document_texts import appeal_instructions
from permits.form import answers, form_spec
from permits.models import Application, Attachment, Document, Message, Terms
from portal.calendar import local_day
from portal.models import User
from portal.ui import Step, StepState, SummaryRow, Task, Tone

TONES: dict[str, Tone] = {
    states.DRAFT: "neutral",
    states.SUBMITTED: "info",
    states.IN_REVIEW: "info",
    states.INFO_REQUESTED: "warning",
    states.PROPOSED: "info",
    states.APPROVED: "success",
    states.REJECTED: "error",
    states.WITHDRAWN: "neutral",
}
ATTACHMENT_TONES: dict[str, Tone] = {
    Attachment.State.RECEIVED: "info",
    Attachment.State.READY: "success",
    Attachment.State.REFUSED: "error",
}


def tasks(application: Application) -> list[Task]:
    """The sections with how far each is, and the attachments."""
    missing = {problem.section for problem in form_spec.problems(application.answers)}
    asked = set(_open_request_sections(application))
    rows = [
        Task(
            section.title,
            *_progress(section.name, section.name in missing, application),
            reverse("permits:section", args=[application.pk, section.name]),
            _("More information has been asked about this section.") if section.name in asked else "",
        )
        for section in form_spec.SECTIONS
    ]
    return [*rows, _attachment_task(application)]


def _progress(section: str, is_missing: bool, application: Application) -> tuple[str, Tone]:
    if not is_missing:
        return _("Complete"), "success"
    if section in application.saved:
        return _("In progress"), "info"
    return _("Not started"), "neutral"


def _open_request_sections(application: Application) -> list[str]:
    request = application.information_requests.filter(ended_at=None).first()
    return request.sections if request else []


def _attachment_task(application: Application) -> Task:
    found = list(application.attachments.filter(removed_at=None))
    href = reverse("permits:attachments", args=[application.pk])
    hint = _("For example agreements with processors. Not required.")
    if any(one.state == Attachment.State.REFUSED for one in found):
        return Task(_("Attachments"), _("Needs your attention"), "error", href, hint)
    if not found:
        return Task(_("Attachments"), _("None added"), "neutral", href, hint)
    count = ngettext("%(count)d file", "%(count)d files", len(found)) % {"count": len(found)}
    return Task(_("Attachments"), count, "success", href, hint)


def answered_sections(
    application: Application, change: bool = False, given: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The answers section by section as summary rows, with links to change them where that can be done.

    `given` in place of the answers as they stand, for who sees only what was submitted.
    """
    shown = []
    for section in answers.answered(application.answers if given is None else given):
        href = reverse("permits:section", args=[application.pk, section.name]) if change else ""
        rows = [
            SummaryRow(row.label, row.value or _("No answer"), f"{href}#id_{row.name}" if change else "")
            for row in section.rows
        ]
        shown.append({"name": section.name, "title": section.title, "rows": rows})
    return shown


def organisation_rows(application: Application) -> list[SummaryRow]:
    """The facts of the organisation, which are not asked."""
    one = application.organisation
    address = ", ".join(filter(None, [one.street, f"{one.postal_code} {one.post_office}".strip()]))
    return [
        SummaryRow(_("Organisation"), one.name),
        SummaryRow(_("Business ID"), one.business_id),
        SummaryRow(_("Address"), address or "–"),
    ]


def missing_links(application: Application) -> list[dict[str, str]]:
    """What is missing, each with the address of its question; and the attachments that can't be used."""
    refused = attachments(application).filter(state=Attachment.State.REFUSED)
    files = reverse("permits:attachments", args=[application.pk])
    found = [
        {
            "text": problem.text,
            "href": reverse("permits:section", args=[application.pk, problem.section])
            + f"?check=1#id_{problem.question}",
        }
        for problem in form_spec.problems(application.answers)
    ]
    text = _("The attachment “%(name)s” can't be used. Remove it.")
    return found + [{"text": text % {"name": one.given_name}, "href": files} for one in refused]


def fingerprint(application: Application, terms: Terms) -> str:
    """What the submission page shows, as a hash: another one means that the page must be seen again."""
    files = [str(pk) for pk in attachments(application).values_list("pk", flat=True)]
    facts = [application.answers, files, terms.pk, application.submissions.count()]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def attachments(application: Application) -> Any:
    return application.attachments.filter(removed_at=None)


def attachment_rows(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "file": one,
            "tone": ATTACHMENT_TONES[one.state],
            "reason": REASONS.get(one.reason, ""),
            "is_ready": one.state == Attachment.State.READY,
        }
        for one in attachments(application)
    ]


def status_page(application: Application, user: User) -> dict[str, Any]:
    """How an application stands, what comes next, and what its reader may do."""
    today = local_day(timezone.now())
    clock = words.clock_of(application, today)
    allowed = acts.allowed(user, application)
    decision = getattr(application, "decision", None)
    context = {
        "tone": TONES[application.status],
        "steps": steps(application),
        "clock": clock,
        "due": words.due_sentence(clock),
        "thread": _thread(application),
        "information": application.information_requests.filter(ended_at=None).first(),
        "requests": application.information_requests.exclude(ended_at=None).select_related("application"),
        "decision": decision,
        "decision_rows": content_rows(decision, decision.submission) if decision else [],
        "appeal": appeal_instructions() if decision else [],
        "documents": documents(application),
        "allowed": allowed,
    }
    if clock is not None:
        days = (clock.due - clock.started).days
        context |= {"days": days, "days_gone": min(max((today - clock.started).days, 0), days)}
    return context


def _thread(application: Application) -> list[Message]:
    return list(application.messages.filter(is_private=False).select_related("by"))


def documents(application: Application) -> list[Document]:
    """The application and the decision as documents, newest first; those that are made so far."""
    case = Q(submission__application=application) | Q(decision__application=application)
    case |= Q(permit__decision__application=application)
    return list(Document.objects.filter(case).order_by("-made_at"))


def steps(application: Application) -> list[Step]:
    """The way of an application from the submission to the decision."""
    status = application.status
    if status == states.DRAFT:
        return []
    ended = status == states.WITHDRAWN
    rows = [Step(_("Submitted"), "done", application.submitted_at)] if application.submitted_at else []
    rows += _review_steps(application, ended)
    if ended:
        return [*rows, Step(_("Withdrawn"), "failed", application.ended_at)]
    if application.decided_at:
        return [*rows, Step(_("Decision"), "done", application.decided_at, application.status_words)]
    waiting: StepState = "current" if status == states.PROPOSED else "waiting"
    return [*rows, Step(_("Decision"), waiting)]


def _review_steps(application: Application, ended: bool) -> list[Step]:
    rows: list[Step] = []
    status = application.status
    if application.taken_at:
        in_review: StepState = "current" if status == states.IN_REVIEW else "done"
        if status == states.INFO_REQUESTED:
            in_review = "waiting"  # stands still until the answer comes
        rows.append(Step(_("Being reviewed"), in_review, application.taken_at))
    elif not ended:
        rows.append(Step(_("Waits for an official"), "current" if status == states.SUBMITTED else "done"))
    for request in application.information_requests.all():
        if request.ended_at is None:
            rows.append(Step(_("More information requested"), "current", request.asked_at))
        else:
            went_on = _("Went on without an answer") if request.was_gone_on_without else ""
            text = _("Answered") if request.answered else went_on
            rows.append(Step(_("More information requested"), "done", request.asked_at, text))
    return rows


def saved_words(moment: datetime) -> str:
    """When the answers were saved, for the status line: "Saved 14.05"."""
    clock = timezone.localtime(moment)
    return _("Saved at %(time)s.") % {"time": f"{clock.hour}.{clock.minute:02d}"}
