"""What waits for a signed-in user, for the front page: counts with links. It only reads."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from permits import states
from permits.access import visible_permits
from permits.models import Application
from permits.reviewing.queue_views import reviewable
from portal.access import organisations_of
from portal.models import User
from portal.roles import Role
from portal.ui import Task, Tone


def waiting_tasks(user: User) -> list[Task]:
    """One row for each thing that waits for the user; none where nothing does."""
    if user.is_official:
        return _official(user) if Role.OFFICIAL in user.role_names else []
    return [*_applicant(user), *_signatory(user)]


def _applicant(user: User) -> list[Task]:
    own = Application.objects.filter(organisation__in=organisations_of(user))
    asked = own.filter(status=states.INFO_REQUESTED).count()
    drafts = own.filter(status=states.DRAFT).count()
    address = reverse("permits:applications")
    return [
        *_row(_("Applications that wait for your answer"), asked, address, "warning"),
        *_row(_("Drafts of applications"), drafts, address, "neutral"),
    ]


def _signatory(user: User) -> list[Task]:
    signed_for = organisations_of(user, Role.SIGNATORY)
    permits = visible_permits(user).filter(organisation__in=signed_for, acceptance=None)
    waiting = permits.in_force(timezone.localdate()).count()
    return _row(_("Permits that wait for your acceptance"), waiting, reverse("permits:permits"), "warning")


def _official(user: User) -> list[Task]:
    cases, queue = reviewable(user).open(), reverse("permits:queue")
    new = cases.filter(handler=None).count()
    mine = cases.filter(handler=user).count()
    proposed = cases.filter(status=states.PROPOSED).count()
    return [
        *_row(_("Applications without a handler"), new, f"{queue}?show=unassigned", "warning"),
        *_row(_("Applications that you handle"), mine, f"{queue}?show=mine", "info"),
        *_row(_("Applications that wait for a decision"), proposed, f"{queue}?show=decision", "info"),
    ]


def _row(label: str, count: int, href: str, tone: Tone) -> list[Task]:
    return [Task(label, str(count), tone, href)] if count else []
