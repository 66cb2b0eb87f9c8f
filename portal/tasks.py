"""The jobs of the bottom layer, and the clockwork that sends what waits."""

from celery import shared_task
from django.core.management import call_command

from portal import account_mail, accounts, organisation_mail, outbox, shelves

outbox.handler("portal.account_mail")(account_mail.send)
outbox.handler("portal.organisation_mail")(organisation_mail.send)
outbox.handler("portal.invitation_mail")(organisation_mail.send_link)


@shared_task
def sweep() -> int:
    return outbox.sweep()


@shared_task
def remove_unnamed() -> int:
    return shelves.remove_unnamed()


@shared_task
def remove_unconfirmed() -> int:
    return accounts.remove_unconfirmed()


@shared_task
def clear_sessions() -> None:
    """Expired sessions go: one may hold what somebody typed before signing in again."""
    call_command("clearsessions")
