"""An order's way through the machine, with the real library, store and files."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders import states
from orders.models import Order, OrderFile
from orders.tasks import release_due
from portal import outbox
from portal.models import AuditEvent, Job
from tests import factories
from tests.factories import delivered_rows


def test_rule_19_every_row_comes_back_once_in_its_order_with_a_result(cast, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    rows = delivered_rows(order)
    assert [row["vtj_row"] for row in rows] == ["1", "2", "3"]
    assert [row["vtj_result"] for row in rows] == ["match_id", "match_id", "invalid_id"]
    assert sum(order.results.values()) == order.rows == order.material.rows == 3


def test_the_register_comes_back_with_current_data_beside_its_own(cast, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    first = delivered_rows(order)[0]
    assert (first["Lähiosoite"], first["vtj_street"]) == ("Vanhatie 1", "Uusikatu 7 B 12")
    assert first["vtj_changed"] == "given_names;street"


def test_an_order_waits_for_its_window(cast, store) -> None:
    order = factories.ready_order(cast.secretary)
    assert release_due() == 0
    assert order.status == states.READY
    assert set(order.files.values_list("kind", flat=True)) == {"material", "sample", "check_report", "links"}


def test_the_clock_releases_an_order_whose_window_has_opened(cast, store) -> None:
    order = factories.ready_order(cast.secretary)
    Order.objects.update(window_opens=timezone.now().date())
    assert release_due() == 1
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == states.DELIVERED


def test_where_nothing_waits_for_a_window_an_order_is_delivered_when_ready(cast, store, settings) -> None:
    settings.DELIVERY_RELEASE = "when_ready"
    assert factories.ready_order(cast.secretary).status == states.DELIVERED


@pytest.mark.parametrize("task", ["orders.check", "orders.match", "orders.deliver"])
def test_a_step_that_runs_again_changes_nothing_more(cast, store, task: str) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    files, events = OrderFile.objects.count(), AuditEvent.objects.count()
    key = order.material.pk if task == "orders.check" else order.pk
    outbox.queue(task, key)
    factories.run_jobs()
    assert (OrderFile.objects.count(), AuditEvent.objects.count()) == (files, events)
    assert order.deliveries.count() == 1


def test_a_match_whose_lease_was_lost_stores_nothing(cast, store, monkeypatch) -> None:
    order = factories.placed_order(cast.secretary)
    job = Job.objects.get(task="orders.match")
    real = outbox.Lease.finish

    def taken_over(lease: outbox.Lease) -> None:
        Job.objects.filter(pk=job.pk).update(fence=job.fence + 2)
        real(lease)

    monkeypatch.setattr(outbox.Lease, "finish", taken_over)
    outbox.run(job.pk)
    order.refresh_from_db()
    assert order.status == states.MATCHING
    assert not order.files.filter(kind="links").exists()


def test_an_order_that_cannot_be_matched_stops_with_a_reason_and_can_be_started_again(
    cast, store, settings
) -> None:
    settings.POPULATION_STORE = "/nowhere"
    order = factories.placed_order(cast.secretary)
    for _ in range(outbox.MAX_ATTEMPTS):
        Job.objects.update(run_after=timezone.now() - timedelta(seconds=1))
        with pytest.raises(Exception, match="no published version"):
            factories.run_jobs()
    order.refresh_from_db()
    assert (order.status, order.ended_reason) == (states.FAILED, "fault")
    settings.POPULATION_STORE = str(store)
    factories.retry(order, cast.official)
    assert order.status == states.READY


def test_the_same_order_gives_the_same_again_on_a_newer_store(cast, own_store, settings) -> None:
    order = factories.ready_order(cast.secretary)
    matched_with = order.store_version
    own_store.publish(persons=own_store.persons.replace("Esimerkki,Aino Maria", "Toinen,Aino Maria"))
    factories.release(order, cast.official)
    assert order.store_version == matched_with
    assert delivered_rows(order)[0]["vtj_surname"] == "Esimerkki"
