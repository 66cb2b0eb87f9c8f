"""The jobs of the bottom layer, and the clockwork that sends what waits."""

from celery import shared_task

from portal import account_mail, outbox

outbox.handler("portal.account_mail")(account_mail.send)


@shared_task
def sweep() -> int:
    return outbox.sweep()
