"""What waits for an official in the registers of oversight: counts with links. It only reads."""

from django.urls import reverse
from django.utils.translation import gettext as _

from orders import oversight_states as states
from orders.models import LegalHold, ThirdPartyPermission
from portal.models import User
from portal.roles import Role
from portal.ui import Task, Tone


def tasks(user: User) -> list[Task]:
    """The pages of oversight, with what waits on each."""
    waiting = ThirdPartyPermission.objects.filter(status=states.ASKED).count()
    held = LegalHold.objects.filter(lifted_at=None).count()
    rows = [
        _row(_("Search the disclosure register"), "orders:search_disclosures"),
        _row(_("Permissions for third parties"), "orders:third_parties", waiting, "warning"),
        _row(_("Legal holds"), "orders:holds", held, "info"),
        _row(_("Rules of deletion"), "orders:retention"),
    ]
    if user.is_admin:
        rows.insert(1, _row(_("Searches made in the disclosure register"), "orders:all_searches"))
    return rows


def waiting_tasks(user: User) -> list[Task]:
    """For the front page: only what waits for a decision."""
    if Role.OFFICIAL not in user.role_names:
        return []
    waiting = ThirdPartyPermission.objects.filter(status=states.ASKED).count()
    row = _row(
        _("Third parties’ permissions that wait for a decision"), "orders:third_parties", waiting, "warning"
    )
    return [row] if waiting else []


def _row(label: str, name: str, count: int | None = None, tone: Tone = "neutral") -> Task:
    return Task(label, "" if count is None else str(count), tone if count else "neutral", reverse(name))
