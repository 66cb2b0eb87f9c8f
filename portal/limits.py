"""How often a person may do what sends mail to others: counted in the audit trail, so nothing forgets it."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import Denied
from portal.events import Event
from portal.models import AuditEvent, User

HOURLY = 30


def check_not_too_often(by: User, event: Event, *, most: int = HOURLY) -> None:
    """Raise Denied where the user has done it `most` times within the last hour."""
    since = timezone.now() - timedelta(hours=1)
    if AuditEvent.objects.filter(at__gte=since, actor=str(by.pk), event=event).count() >= most:
        raise Denied(_("You have done this many times within an hour. Wait a while and try again."))
