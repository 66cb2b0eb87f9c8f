"""At night the population's versions go that no order needs any more."""

from matching.store.versions import versions
from orders.deletion import purge
from orders.tasks import prune_store
from tests import factories


def names(own_store) -> list[str]:  # type: ignore[no-untyped-def]
    return [version.version for version in reversed(versions(own_store.path))]


def publish(own_store, times: int) -> None:  # type: ignore[no-untyped-def]
    for _ in range(times):
        own_store.publish(persons=own_store.persons)


def test_what_waits_for_its_release_keeps_its_version(cast, own_store) -> None:  # type: ignore[no-untyped-def]
    order = factories.ready_order(cast.secretary)
    publish(own_store, 3)
    one, _two, three, four = names(own_store)
    assert order.store_version == one
    assert prune_store() == 1
    assert names(own_store) == [one, three, four]


def test_a_delivered_order_needs_its_version_no_more_once_it_cannot_be_made_anew(
    cast, own_store, settings
) -> None:  # type: ignore[no-untyped-def]
    factories.delivered_order(cast.secretary, cast.official)
    publish(own_store, 2)
    assert prune_store() == 0
    settings.UPLOAD_DAYS_AFTER_DELIVERY = 0
    purge.queue_due()
    factories.run_jobs()
    assert prune_store() == 1
    assert len(names(own_store)) == 2


def test_the_newest_two_stay_though_nobody_needs_them(cast, own_store) -> None:  # type: ignore[no-untyped-def]
    publish(own_store, 1)
    assert prune_store() == 0
    assert len(names(own_store)) == 2


def test_a_store_without_a_version_has_nothing_to_prune(db, own_store) -> None:  # type: ignore[no-untyped-def]
    assert prune_store() == 0
