"""The jobs of the bottom layer, and the clockwork that sends what waits."""

from celery import shared_task
from django.core.management import call_command

from portal import account_mail, outbox

outbox.handler("portal.account_mail")(account_mail.send)


@shared_task
def sweep() -> int:
    return outbox.sweep()


@shared_task
def clear_sessions() -> None:
    """Expired sessions go: one may hold what somebody typed before signing in again."""
    call_command("clearsessions")
