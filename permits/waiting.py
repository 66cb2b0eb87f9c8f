"""What waits for a signed-in user, for the front page: counts with links. It only reads."""

from django.urls import reverse
from django.utils.translation import gettext as _

from permits import states
from permits.access import visible_permits
from permits.granting import today
from permits.holding.permit_presentation import filter_of
from permits.models import Application, StandingPermitDraft
from permits.reviewing.queue_views import begun_on_paper, conditions, reviewable
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
    permits = visible_permits(user).filter(organisation__in=signed_for)
    waiting = permits.filter(filter_of("waiting", today())).count()  # one that begins later waits too
    address = f"{reverse('permits:permits')}?state=waiting"
    return _row(_("Permits that wait for your acceptance"), waiting, address, "warning")


def _official(user: User) -> list[Task]:
    cases, queue = reviewable(user).open(), reverse("permits:queue")
    shown = conditions(user, today())

    def of_queue(label: str, show: str, tone: Tone) -> list[Task]:
        return _row(label, cases.filter(shown[show]).count(), f"{queue}?show={show}", tone)

    standing, paper = _standing_to_decide(user), begun_on_paper(user).count()
    return [
        *of_queue(_("Applications without a handler"), "unassigned", "warning"),
        *of_queue(_("Applications that you handle"), "mine", "info"),
        *of_queue(_("Applications that wait for your decision"), "to_decide", "info"),
        *of_queue(_("Applications on which your statement is wanted"), "statement", "info"),
        *_row(_("Paper applications not yet submitted"), paper, reverse("permits:applications"), "neutral"),
        *_row(_("Standing permits to decide"), standing, reverse("permits:standing_permits"), "info"),
    ]


def _standing_to_decide(user: User) -> int:
    """How many another official has prepared; one whose first day has passed can't be decided any more."""
    waiting = StandingPermitDraft.objects.filter(decided_at=None, discarded_at=None)
    return waiting.filter(valid_from__gte=today()).exclude(prepared_by=user).count()


def _row(label: str, count: int, href: str, tone: Tone) -> list[Task]:
    return [Task(label, str(count), tone, href)] if count else []
