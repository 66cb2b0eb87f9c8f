"""Celery tasks of the bottom layer."""

from celery import shared_task

from portal import account_mail, outbox

outbox.handler("portal.account_mail")(account_mail.send)


@shared_task
def run_job(job_id: int) -> None:
    outbox.run(job_id)


@shared_task
def sweep() -> int:
    return outbox.sweep()
