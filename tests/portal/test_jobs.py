"""Jobs: run once, by one worker at a time, whatever happens to the worker, the broker or the message."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from portal import outbox
from portal.models import Job
from portal.outbox import HANDLERS, MAX_ATTEMPTS, Lease, LeaseLost, handler

pytestmark = pytest.mark.django_db
done: list[str] = []


@pytest.fixture(autouse=True)
def _clean():
    done.clear()
    before = dict(HANDLERS)
    yield
    HANDLERS.clear()
    HANDLERS.update(before)


@pytest.fixture
def job() -> Job:
    @handler("test.note")
    def note(lease: Lease) -> None:
        with transaction.atomic():
            done.append(lease.key)
            lease.finish()

    outbox.queue("test.note", "a", more=1)
    return Job.objects.get()


def test_a_job_is_done_once_however_often_its_number_comes(job: Job) -> None:
    for _ in range(3):
        outbox.run(job.pk)
    assert done == ["a"]
    job.refresh_from_db()
    assert job.done_at is not None


def test_a_key_has_one_open_job_at_a_time(job: Job) -> None:
    outbox.queue("test.note", "a")
    assert Job.objects.count() == 1
    outbox.run(job.pk)
    outbox.queue("test.note", "a")
    assert Job.objects.count() == 2


def test_a_held_job_is_left_alone_until_its_lease_runs_out(job: Job) -> None:
    Job.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    outbox.run(job.pk)
    assert done == []
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.run(job.pk)
    assert done == ["a"]


def test_who_lost_the_lease_cannot_store_a_result(job: Job) -> None:
    late = Lease(job.pk, fence=1, key="a", payload={})
    Job.objects.update(fence=2)
    with pytest.raises(LeaseLost):
        late.finish()


def test_a_fault_is_tried_again_later_and_given_up_in_the_end() -> None:
    given_up: list[str] = []

    def broken(lease: Lease) -> None:
        raise ConnectionError

    handler("test.broken", give_up=given_up.append)(broken)
    outbox.queue("test.broken", "b")
    job = Job.objects.get()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        Job.objects.update(run_after=timezone.now())
        with pytest.raises(ConnectionError):
            outbox.run(job.pk)
        job.refresh_from_db()
        assert job.attempts == attempt
    assert (job.error, given_up) == ("ConnectionError", ["b"])
    assert job.failed_at is not None


def test_a_job_whose_workers_die_each_time_is_given_up(job: Job) -> None:
    Job.objects.update(attempts=MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1))
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (done, job.error) == ([], "worker_lost")


def test_the_sweep_sends_what_the_broker_lost(job: Job, settings) -> None:
    assert outbox.sweep() == 1
    assert outbox.sweep() == 0  # just sent
    Job.objects.update(sent_at=timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS + 1))
    assert outbox.sweep() == 1


def test_a_broker_that_is_away_loses_nothing(job: Job, settings) -> None:
    from portal.outbox import run_job

    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    run_job.app.conf.broker_url, before = "redis://127.0.0.1:1/0", run_job.app.conf.broker_url
    run_job.app.amqp._producer_pool = None
    try:
        outbox.sweep()
    finally:
        run_job.app.conf.broker_url = before
        run_job.app.amqp._producer_pool = None
    assert Job.objects.get().done_at is None


def in_turns(queued: list[tuple[str, str]]) -> list[str]:
    """The keys (`lane/work/n`) as one worker does the jobs, whose numbers come as they were queued."""

    @handler("test.turn")
    def note(lease: Lease) -> None:
        with transaction.atomic():
            done.append(lease.key)
            lease.finish()

    for number, (lane, work) in enumerate(queued):
        outbox.queue("test.turn", f"{lane}/{work}/{number}", outbox.Turn(lane, work))
    for pk in Job.objects.order_by("pk").values_list("pk", flat=True):
        outbox.run_job(pk)
    return done


def test_jobs_of_one_lane_wait_for_one_job_of_another_not_for_all() -> None:
    order = in_turns([("big", "order")] * 5 + [("small", "order"), ("tiny", "order")])
    assert order[0].startswith("big")
    assert {key.split("/")[0] for key in order[1:3]} == {"small", "tiny"}
    assert [key.split("/")[0] for key in order[3:]] == ["big"] * 4


def test_within_a_lane_its_works_take_turns() -> None:
    order = in_turns([("one", "big")] * 4 + [("one", "small"), ("one", "tiny")])
    assert [key.split("/")[1] for key in order] == ["big", "small", "tiny", "big", "big", "big"]


def test_forty_small_orders_wait_for_one_job_of_a_big_one_not_for_its_forty() -> None:
    small = [(f"school {n % 8}", f"order {n}") for n in range(40)]
    order = [key.split("/")[1] for key in in_turns([("school 0", "big")] * 40 + small)]
    small_ends = max(place for place, work in enumerate(order) if work != "big")
    assert small_ends <= 41
    assert order[0] == "big"


def test_a_lane_that_never_ends_starves_no_other() -> None:
    order = in_turns([("busy", f"order {n}") for n in range(6)] + [("other", "order")] * 3)
    assert [key.split("/")[0] for key in order] == ["busy", "other"] * 3 + ["busy"] * 3


def test_a_number_that_comes_twice_does_nothing_twice_where_jobs_take_turns() -> None:
    in_turns([("one", "order"), ("two", "order")])
    for pk in Job.objects.values_list("pk", flat=True):
        outbox.run_job(pk)
    assert len(done) == 2


def test_jobs_without_a_turn_are_done_as_their_numbers_come(job: Job) -> None:
    outbox.queue("test.note", "b")
    outbox.run_job(Job.objects.latest("pk").pk)
    assert done == ["b"]
