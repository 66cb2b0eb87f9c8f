"""The officials' queue: open cases by due day, filtered and searched, and those that have ended."""

import re
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from permits import participation, states, words
from permits.applying.application_pages import TONES
from permits.models import Application, Proposal, Statement
from permits.models.application import ApplicationQuerySet
from permits.reviewing import review_presentation
from portal.access import SignedInRequest, organisations_called, role_required
from portal.audit import record
from portal.events import Event
from portal.models import User
from portal.paging import Keyset
from portal.roles import Role
from portal.ui import Filter

FIRST_DUE_FIRST = Keyset(("due_on", "serial"), (date.fromisoformat, int))
NEWEST_FIRST = Keyset(("serial",), (int,), descending=True)


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """The cases of one filter, the first due first; with words to search, all that fit, the newest first."""
    user, today = request.user, review_presentation.today()
    found = conditions(user, today)
    query = request.GET.get("q", "").replace("\0", "").strip()[:200]
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in {*found, "ended"} else "open"
    cases = reviewable(user)
    if query:
        page = NEWEST_FIRST.page(cases.filter(_found(query)), request)
    elif chosen == "ended":
        page = NEWEST_FIRST.page(cases.exclude(status__in=states.OPEN), request)
    else:
        page = FIRST_DUE_FIRST.page(cases.open().filter(found[chosen]), request)
    record(Event.APPLICATIONS_LISTED, by=user, about=user, rows=len(page.items))
    context = {
        "page": page,
        "rows": [_row(one, today) for one in page.items],
        "filters": _filters(cases, found, "" if query else chosen),
        "query": query,
        "may_record": Role.OFFICIAL in user.role_names,
    }
    return render(request, "permits/review/queue.html", context)


def reviewable(user: User) -> ApplicationQuerySet:
    """Every submitted application but those of the official's own organisations, or with a part in them."""
    own = list(user.memberships.values_list("organisation", flat=True))
    submitted = Application.objects.filter(submitted_at__isnull=False).exclude(organisation__in=own)
    submitted = submitted.exclude(pk__in=participation.cases_of(user))
    return submitted.select_related("organisation", "handler").defer("answers", "saved").with_outcome()


def begun_on_paper(user: User) -> ApplicationQuerySet:
    """The applications on paper that wait to be submitted, of any organisation but one's own."""
    own = list(user.memberships.values_list("organisation", flat=True))
    return Application.objects.filter(received_on__isnull=False, status=states.DRAFT).exclude(
        organisation__in=own
    )


def conditions(user: User, today: date) -> dict[str, Q]:
    """The filters of the open cases by their name in the address."""
    late = Q(due_on__lt=today) & ~Q(status=states.INFO_REQUESTED)
    own = Proposal.objects.filter(application=OuterRef("pk"), ended_at=None, made_by=user)
    asked = Statement.objects.filter(
        application=OuterRef("pk"), asked_of=user, answered_at=None, cancelled_at=None
    )
    return {
        "mine": Q(handler=user),
        "to_decide": Q(status=states.PROPOSED) & ~Q(Exists(own)),
        "statement": Q(Exists(asked)),
        "unassigned": Q(handler=None),
        "applicant": Q(status=states.INFO_REQUESTED),
        "decision": Q(status=states.PROPOSED),
        "late": late,
        "open": Q(),
    }


def _filters(cases: ApplicationQuerySet, found: dict[str, Q], chosen: str) -> list[Filter]:
    """Each filter with its number, counted in one query over the open cases alone."""
    counts = cases.open().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in found.items()}
    )
    labels = {
        "open": _("All open"),
        "mine": _("Mine"),
        "to_decide": _("For me to decide"),
        "statement": _("My statement is wanted"),
        "unassigned": _("Without a handler"),
        "applicant": _("Waiting for the applicant"),
        "decision": _("Waiting for a decision"),
        "late": _("Late"),
    }
    listed = [Filter(label, f"?show={name}", counts[name], name == chosen) for name, label in labels.items()]
    return [*listed, Filter(_("Ended"), "?show=ended", None, chosen == "ended")]


def _found(query: str) -> Q:
    """Cases by number (whole, or its last digits), or of organisations by name or business ID."""
    number = re.fullmatch(r"(?:TLH-)?(?:\d{4}-)?(\d{1,12})", query, re.IGNORECASE | re.ASCII)
    if number:
        return Q(serial=int(number[1]))
    return Q(organisation__in=organisations_called(query))


def _row(application: Application, today: date) -> dict[str, Any]:
    stopped = application.status == states.INFO_REQUESTED
    is_late = application.is_open and not stopped and (application.due_on or today) < today
    return {
        "application": application,
        "tone": TONES[application.status],
        "due": words.row_words(application, today),
        "due_on": None if stopped or not application.is_open else application.due_on,
        "is_late": is_late,
    }
