"""Jobs: queued in a transaction, sent after its commit, run by one worker at a time, done once.

A job is a row in PostgreSQL. Redis only carries its number to a worker, and may lose it: `sweep` sends again
what nobody holds. A worker holds a job by a lease that a thread keeps alive; when the worker dies, the lease
runs out and the job is sent to another. `fence` counts the holders: whoever held it before cannot finish it.

Jobs that are queued with a `Turn` share the workers fairly: a number that arrives is only a sign that there
is work, and the worker takes the job whose turn it is.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, OrderBy, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.models import Job

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 5
HANDLERS: dict[str, "Handler"] = {}


class Later(Exception):
    """What the work needs is away: the job waits and is tried again until it is back, never given up."""


class LeaseLost(Exception):
    """Another worker has taken the job over; what this one did must not be stored."""


@dataclass(frozen=True)
class Lease:
    """The right of one worker to finish one job."""

    job_id: int
    fence: int
    key: str
    payload: dict[str, Any]

    def finish(self) -> None:
        """Mark the job done; call it in the transaction that stores the job's result.

        Raises LeaseLost, which rolls that transaction back, when another worker has taken over.
        """
        if not self._mine().update(done_at=timezone.now(), lease_until=None):
            raise LeaseLost

    def extend(self) -> bool:
        return bool(self._mine().update(lease_until=_lease_end()))

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job_id, fence=self.fence, done_at=None, failed_at=None)


@dataclass(frozen=True)
class Turn:
    """Whose turn a job takes: that of the `lane` that has waited longest, and in it of such a `work`."""

    lane: str
    work: str


@dataclass(frozen=True)
class Handler:
    """What a job does, the queue it waits in, and what happens when it has failed for good."""

    run: Callable[[Lease], None]
    queue: str
    give_up: Callable[[str], None] | None


def handler(task: str, *, queue: str = "default", give_up: Callable[[str], None] | None = None) -> Callable:
    """Register a function of a lease as the work of jobs named `task`.

    The function must call `lease.finish()` in the transaction that stores its result.
    """

    def register(run: Callable[[Lease], None]) -> Callable[[Lease], None]:
        HANDLERS[task] = Handler(run, queue, give_up)
        return run

    return register


def queue(task: str, key: Any, turn: Turn | None = None, **payload: Any) -> None:
    """Write a job in the caller's transaction, and send it after the commit. One open job for each key."""
    defaults = {"payload": payload, **(vars(turn) if turn else {})}
    job, made = Job.objects.get_or_create(
        task=task, key=str(key), done_at=None, failed_at=None, defaults=defaults
    )
    if made:
        transaction.on_commit(partial(_send, job.pk, task), robust=True)


def sweep() -> int:
    """Send every open job that is due and that nobody holds or was just sent; returns how many."""
    now = timezone.now()
    patience = now - timedelta(seconds=settings.JOB_LEASE_SECONDS)
    waiting = Job.objects.filter(done_at=None, failed_at=None, run_after__lte=now)
    waiting = waiting.filter(Q(lease_until=None) | Q(lease_until__lt=now))
    waiting = waiting.filter(Q(sent_at=None) | Q(sent_at__lt=patience) | Q(sent_at__lt=F("lease_until")))
    sent = 0
    for pk, task in waiting.order_by("run_after").values_list("pk", "task")[:500]:
        _send(pk, task)
        sent += 1
    return sent


def _send(job_id: int, task: str) -> None:
    """Give the job's number to the broker. A broker that is away loses nothing: `sweep` sends again."""
    try:
        run_job.apply_async(args=[job_id], queue=HANDLERS[task].queue, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("job not sent", job=job_id, error=type(error).__name__)
        return
    Job.objects.filter(pk=job_id).update(sent_at=timezone.now())


@shared_task(name="portal.run_job")
def run_job(job_id: int) -> None:
    run(job_id, in_turn=True)


def run(job_id: int, *, in_turn: bool = False) -> None:
    """Take the job's lease and do its work; nothing happens where it is done, held, or not yet due.

    `in_turn`: where jobs of its queue take turns, the one whose turn it is is done in its place.
    """
    lease, task = _take(job_id, in_turn)
    if lease is None:
        return
    with _kept_alive(lease):
        try:
            HANDLERS[task].run(lease)
        except LeaseLost:
            log.warning("lease lost", job=job_id, task=task)
        except Later as error:
            _postpone(lease, task, error)
        except Exception as error:
            _failed(lease, task, error)
            raise


def _take(job_id: int, in_turn: bool) -> tuple[Lease | None, str]:
    with transaction.atomic():
        job = _free(job_id, in_turn).first()
        if job is None:
            return None, ""
        if job.attempts >= MAX_ATTEMPTS:  # the workers died each time, or it would have failed before
            _give_up(job, "worker_lost")
            return None, ""
        job.fence += 1
        job.attempts += 1
        job.lease_until, job.taken_at = _lease_end(), timezone.now()
        job.save(update_fields=["fence", "attempts", "lease_until", "taken_at"])
    return Lease(job.pk, job.fence, job.key, job.payload), job.task


def _free(job_id: int, in_turn: bool) -> QuerySet[Job]:
    """The job, if it is free to be taken; `in_turn`, those that are in its place, whose turn it is first."""
    now = timezone.now()
    jobs = Job.objects.select_for_update(skip_locked=True).filter(done_at=None, failed_at=None)
    jobs = jobs.filter(Q(lease_until=None) | Q(lease_until__lt=now), run_after__lte=now)
    named = Job.objects.filter(pk=job_id).exclude(lane="").first() if in_turn else None
    if named is None:
        return jobs.filter(pk=job_id)
    here = [task for task, of in HANDLERS.items() if of.queue == HANDLERS[named.task].queue]
    lane, work = _last_turn("lane"), _last_turn("lane", "work")
    return jobs.filter(task__in=here).exclude(lane="").order_by(lane, work, "created_at", "pk")


def _last_turn(*of: str) -> OrderBy:
    """When a job of the same lane (and work) was last begun; those of which none was come first."""
    same = {name: OuterRef(name) for name in of}
    begun = Job.objects.filter(~Q(lane=""), taken_at__isnull=False, **same).order_by("-taken_at")
    return OrderBy(Subquery(begun.values("taken_at")[:1]), nulls_first=True)


def _postpone(lease: Lease, task: str, error: Later) -> None:
    """Let go of the job for the length of a lease; the attempt was none."""
    log.warning("job waits", job=lease.job_id, task=task, error=type(error).__name__)
    Job.objects.filter(pk=lease.job_id, fence=lease.fence, done_at=None).update(
        attempts=F("attempts") - 1,
        lease_until=None,
        sent_at=None,
        run_after=timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS),
    )


def _failed(lease: Lease, task: str, error: Exception) -> None:
    """Try again later, longer each time; after the last attempt give up with the kind of error as reason."""
    log.error("job failed", job=lease.job_id, task=task, error=type(error).__name__)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # the fault may be that the database was away
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=lease.job_id, fence=lease.fence, done_at=None).first()
        if job is None:
            return
        if job.attempts >= MAX_ATTEMPTS:
            _give_up(job, type(error).__name__)
            return
        job.lease_until = None
        job.sent_at = None
        job.run_after = timezone.now() + timedelta(seconds=settings.JOB_SWEEP_SECONDS * 2**job.attempts)
        job.save(update_fields=["lease_until", "sent_at", "run_after"])


def _give_up(job: Job, error: str) -> None:
    job.failed_at, job.error, job.lease_until = timezone.now(), error[:100], None
    job.save(update_fields=["failed_at", "error", "lease_until"])
    give_up = HANDLERS[job.task].give_up
    if give_up is not None:
        give_up(job.key)


def _lease_end() -> Any:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


@contextmanager
def _kept_alive(lease: Lease) -> Iterator[None]:
    """Extend the lease from a thread while the work runs; a database that is away is asked again later."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                lease.extend()
            except Exception as error:  # the server restarts: the next beat opens a new connection
                log.warning("lease not extended", job=lease.job_id, error=type(error).__name__)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
