"""What has happened to an application, from the audit trail, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits.models import Application
from portal.events import MACHINE, Event
from portal.models import AuditEvent, User

TEXTS: dict[str, Any] = {
    Event.APPLICATION_CREATED: gettext_lazy("Began the application"),
    Event.APPLICATION_SHARED: gettext_lazy("Gave somebody the right to read"),
    Event.APPLICATION_SHARE_ENDED: gettext_lazy("Ended a right to read"),
    Event.APPLICATION_SUBMITTED: gettext_lazy("Submitted the application"),
    Event.APPLICATION_IN_REVIEW: gettext_lazy("Took the application to be reviewed"),
    Event.APPLICATION_ASSIGNED: gettext_lazy("Handler: %(handler)s"),
    Event.APPLICATION_NOTED: gettext_lazy("Wrote a private note"),
    Event.APPLICATION_CHECKED: gettext_lazy("Filled in the checklist"),
    Event.APPLICATION_INFO_REQUESTED: gettext_lazy("Asked the applicant for more information"),
    Event.APPLICATION_PROPOSED: gettext_lazy("Proposed a decision"),
    Event.APPLICATION_APPROVED: gettext_lazy("Decided: granted"),
    Event.APPLICATION_REJECTED: gettext_lazy("Decided: rejected"),
    Event.APPLICATION_WITHDRAWN: gettext_lazy("Withdrew the application"),
    Event.MESSAGE_SENT: gettext_lazy("Sent a message"),
    Event.STATEMENT_ASKED: gettext_lazy("Asked a statement of %(of)s"),
    Event.STATEMENT_GIVEN: gettext_lazy("Gave a statement"),
    Event.STATEMENT_CANCELLED: gettext_lazy("Cancelled the request for a statement"),
    Event.ATTACHMENT_ADDED: gettext_lazy("Added an attachment"),
    Event.ATTACHMENT_REMOVED: gettext_lazy("Removed an attachment"),
}
"""What is told; readings and the saving of drafts are in the audit trail alone."""

BACK_IN_REVIEW = {
    "submission": gettext_lazy("Submitted the application anew, with the information that was asked for"),
    "answered": gettext_lazy("Went on without the applicant's answer"),
    "proposal": gettext_lazy("Returned the proposal"),
}
"""Why an application is in review again, by the detail that the act left."""


@dataclass(frozen=True)
class Line:
    """One act: when, who and what."""

    at: datetime
    actor: str
    text: str


def events_of(application: Application) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(
        object_type="application", object_id=str(application.pk), event__in=list(TEXTS)
    )


def of(application: Application) -> list[Line]:
    """The whole history, the newest first; points of the checklist that were filled at once are one line."""
    return list(reversed(_without_repeats(_lines(events_of(application).order_by("pk")))))


def last_of(application: Application) -> int:
    """The number of the newest act that is told; 0 before the first."""
    return events_of(application).order_by("pk").values_list("pk", flat=True).last() or 0


def since(application: Application, last: int) -> list[Line]:
    """What has been done after the act `last`, in order; by the reader too, who may have another page open.

    The acts are told apart by their number: an act's moment lies before that of its own audit rows.
    """
    return _without_repeats(_lines(events_of(application).filter(pk__gt=last).order_by("pk")))


def _without_repeats(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if not kept or (line.actor, line.text) != (kept[-1].actor, kept[-1].text):
            kept.append(line)
    return kept


def _lines(events: Iterable[AuditEvent]) -> list[Line]:
    found = list(events)
    people = [one.actor for one in found if one.actor != MACHINE]
    people += [one.details[key] for one in found for key in ("handler", "of") if key in one.details]
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=set(people))}
    return [Line(one.at, names.get(one.actor, _("The service")), _text(one, names)) for one in found]


def _text(event: AuditEvent, names: dict[str, str]) -> str:
    details = event.details
    if event.event == Event.APPLICATION_IN_REVIEW:
        if details.get("own"):
            return _("Took back the proposal")
        again = [text for key, text in BACK_IN_REVIEW.items() if key in details]
        return str(again[0] if again else TEXTS[event.event])
    people = {key: names.get(details.get(key, ""), "–") for key in ("handler", "of")}
    return str(TEXTS[event.event]) % people
