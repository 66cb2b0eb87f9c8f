"""What the officials' pages show of a case: facts, clock, answers, what changed, checklist."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permits import acts, checklist, words
from permits.applying.application_pages import TONES, documents, steps
from permits.decision_rows import content_rows
from permits.form import answers, form_spec
from permits.form.answers import AnsweredSection
from permits.models import Application, Attachment, ChecklistMark, Proposal, Submission
from permits.models.decision import Outcome
from permits.review import Clock, Stop
from permits.reviewing import history
from portal.access import reason_not_to
from portal.calendar import local_day
from portal.models import User
from portal.templatetags.components import day
from portal.ui import SummaryRow, Tone

OUTCOME_TONES: dict[str, Tone] = {
    Outcome.APPROVE: "success",
    Outcome.APPROVE_IN_PART: "warning",
    Outcome.REJECT: "error",
}


def today() -> date:
    return local_day(timezone.now())


@dataclass(frozen=True)
class ClockLine:
    """The review on a line of days, as positions 0–100: what has gone by, what stood still, what is late."""

    elapsed: float
    stops: list[tuple[float, float]]
    today: float
    late_from: float
    late: float


def clock_line(clock: Clock, stops: list[Stop], on: date) -> ClockLine:
    end = max(clock.due, on)
    scale = 100 / ((end - clock.started).days or 1)

    def at(moment: date) -> float:
        return round(min(max((moment - clock.started).days * scale, 0.0), 100.0), 1)

    drawn = [(at(one.asked), round(at(one.answered or on) - at(one.asked), 1)) for one in stops]
    return ClockLine(
        elapsed=at(min(on, clock.due)),
        stops=[(start, max(width, 0.8)) for start, width in drawn],
        today=min(max(at(on), 0.6), 99.4),
        late_from=at(clock.due),
        late=round(at(on) - at(clock.due), 1) if clock.is_late else 0.0,
    )


def case_page(application: Application, user: User) -> dict[str, Any]:
    """All of the page of a case."""
    submissions = list(application.submissions.select_related("by"))
    latest, earlier = submissions[-1], submissions[-2] if len(submissions) > 1 else None
    return (
        head(application)
        | {
            "facts": facts(application),
            "steps": steps(application),
            "submissions": submissions,
            "latest": latest,
            "changes": changes(earlier, latest) if earlier else [],
            "earlier": earlier,
            "sections": sections(latest, earlier),
            "files": submitted_files(application, latest),
            "points": points(application),
            "requests": application.information_requests.select_related("asked_by", "application"),
            "notes": application.messages.filter(is_private=True).select_related("by"),
            "thread": application.messages.filter(is_private=False).select_related("by"),
            "statements": application.statements.select_related("asked_by", "asked_of"),
            "returned": returned_proposal(application),
            "history": history.of(application),
            "documents": documents(application),
            "allowed": acts.allowed(user, application),
            "reasons": reasons(application, user),
        }
        | verdict(application)
    )


def head(application: Application) -> dict[str, Any]:
    """What every page of a case shows: number, state and clock."""
    on = today()
    clock = words.clock_of(application, on)
    return {
        "application": application,
        "tone": TONES[application.status],
        "clock": clock,
        "due": words.due_sentence(clock),
        "due_words": words.due_words(clock),
        "line": clock_line(clock, application.stops, on) if clock else None,
        "today": on,
    }


def reasons(application: Application, user: User) -> dict[str, Any]:
    """Act to the reason for which the user may not do it now, or None."""
    return {act: reason_not_to(acts.check, act, user, application) for act in acts.APPLICATION_ACTS}


def facts(application: Application) -> list[SummaryRow]:
    organisation = application.organisation
    verified = _("verified") if organisation.is_verified else _("not verified")
    latest = application.latest
    rows = [
        SummaryRow(_("Organisation"), f"{organisation.name} ({organisation.business_id}), {verified}"),
        SummaryRow(_("Kind of the organisation"), organisation.get_kind_display()),
        SummaryRow(_("Kind of the application"), application.get_kind_display()),
    ]
    if application.amends is not None:
        href = reverse("permits:permit", args=[application.amends_id])
        rows.append(SummaryRow(_("Permit that it changes"), application.amends, href, _("Show")))
    rows.append(SummaryRow(_("Language of the decision"), application.get_language_display()))
    rows.append(SummaryRow(_("Submitted"), day(application.submitted_at)))
    if application.received_on is not None:
        rows.append(SummaryRow(_("Arrived on paper"), day(application.received_on)))
    if latest is not None:
        rows.append(SummaryRow(_("Committed to the terms"), latest.committed_by))
    return rows


def sections(submission: Submission, earlier: Submission | None) -> list[AnsweredSection]:
    if earlier is None:
        return answers.answered(submission.answers)
    return answers.compared(earlier.answers, submission.answers)


def changes(earlier: Submission, submission: Submission) -> list[AnsweredSection]:
    """The sections in which something changed, with the rows that did."""
    compared = answers.compared(earlier.answers, submission.answers)
    return [
        AnsweredSection(one.name, one.title, [row for row in one.rows if row.changed])
        for one in compared
        if one.changed
    ]


def points(application: Application) -> list[dict[str, Any]]:
    """The checklist: each point with what was found."""
    marks: dict[str, ChecklistMark] = {mark.item: mark for mark in application.marks.select_related("by")}
    told: dict[str, tuple[str, Tone]] = {
        "ok": (_("In order"), "success"),
        "not_ok": (_("Not in order"), "error"),
        "none": (_("Not yet looked at"), "neutral"),
    }
    shown = []
    for name, item in checklist.ITEMS.items():
        mark = marks.get(name)
        word, tone = told[mark.verdict if mark else "none"]
        titles = [form_spec.SECTIONS_BY_NAME[one] for one in item.sections]
        shown.append({"item": item, "mark": mark, "word": word, "tone": tone, "sections": titles})
    return shown


def open_points(application: Application) -> list[str]:
    """In sentences, how many points of the checklist are not in order or not looked at."""
    verdicts = dict(application.marks.values_list("item", "verdict"))
    found = [verdicts.get(name, "none") for name in checklist.ITEMS]
    not_in_order, not_looked_at = found.count("not_ok"), found.count("none")
    sentences = [
        ngettext("%(count)d point is not in order.", "%(count)d points are not in order.", not_in_order)
        % {"count": not_in_order},
        ngettext(
            "%(count)d point has not been looked at.",
            "%(count)d points have not been looked at.",
            not_looked_at,
        )
        % {"count": not_looked_at},
    ]
    counts = (not_in_order, not_looked_at)
    return [sentence for sentence, count in zip(sentences, counts, strict=True) if count]


def submitted_files(application: Application, submission: Submission) -> list[Attachment]:
    """The attachments that belong to the submission; what the applicant adds later is not yet sent."""
    return list(application.attachments.filter(pk__in=submission.attachments))


def returned_proposal(application: Application) -> Proposal | None:
    """The last proposal where it came back: until the next one, or the end of the case."""
    last: Proposal | None = application.proposals.select_related("made_by", "returned_by").last()
    came_back = last is not None and last.returned_by is not None
    return last if came_back and application.is_open else None


def verdict(application: Application) -> dict[str, Any]:
    """The proposal that waits, or the decision, in rows."""
    decision = getattr(application, "decision", None)
    proposal = application.proposals.filter(ended_at=None).select_related("made_by", "submission").first()
    content = decision or proposal
    if content is None:
        return {"proposal": None, "decision": None}
    rows = content_rows(content, content.submission)
    return {"proposal": proposal, "decision": decision, "content": content, "content_rows": rows}
