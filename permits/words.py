"""The two weeks of a review, and a permit's terms, in words of the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permits import review, states
from permits.form import form_spec
from permits.models import Application
from permits.review import Clock
from portal.templatetags.components import day


def clock_of(application: Application, today: date) -> Clock | None:
    """Where the review of an application stands; None before its submission and after its end."""
    if not application.is_open or application.starts_on is None:
        return None
    return review.clock(application.starts_on, application.stops, today)


def due_words(clock: Clock | None) -> str:
    """How long there is until the decision is due: a few words, for a line of a list or a summary."""
    if clock is None:
        return ""
    if clock.stopped_since is not None:
        return _("the clock stands still since %(day)s") % {"day": day(clock.stopped_since)}
    return _left_words(clock.days_left)


def row_words(application: Application, today: date) -> str:
    """The same of a list's row, from its stored status and due day alone: nothing is read for it."""
    if not application.is_open or application.due_on is None:
        return ""
    if application.status == states.INFO_REQUESTED:
        return _("the clock stands still")
    return _left_words((application.due_on - today).days)


def due_sentence(clock: Clock | None) -> str:
    """By which day the decision comes, as the page of one application says it."""
    if clock is None:
        return ""
    if clock.stopped_since is not None:
        return _(
            "The clock stands still since %(since)s. With an answer today, the decision is due on %(day)s."
        ) % {"since": day(clock.stopped_since), "day": day(clock.due)}
    if clock.is_late:
        return _("The decision was due on %(day)s. It is late.") % {"day": day(clock.due)}
    return _("The decision is due on %(day)s at the latest.") % {"day": day(clock.due)}


def _left_words(days: int) -> str:
    if days == 0:
        return _("the decision is due today")
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def completion_words(customer_completes: bool) -> str:
    """Who clears the doubtful rows of orders under a permit."""
    if customer_completes:
        return _("The customer may complete doubtful rows.")
    return _("Officials alone decide doubtful rows.")


def wanted_time(answers: Mapping[str, Any]) -> str:
    """For how long the permit is applied for."""
    last = form_spec.wanted_until(answers)
    return _("until %(day)s") % {"day": day(last)} if last else _("until further notice")
