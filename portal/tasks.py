"""Celery tasks of the bottom layer."""

from celery import shared_task

from portal import outbox


@shared_task
def run_job(job_id: int) -> None:
    outbox.run(job_id)


@shared_task
def sweep() -> int:
    return outbox.sweep()
