"""What a worker reads of the population: its own copies of the newest versions, the store for others."""

from pathlib import Path

import pytest

from matching.store.versions import prune, versions
from orders import pipeline, states
from tests import factories


@pytest.fixture
def copies(settings, tmp_path: Path) -> Path:
    settings.POPULATION_CACHE = str(tmp_path / "copies")
    return tmp_path / "copies"


def test_an_order_is_matched_and_delivered_by_the_workers_own_copy(cast, own_store, copies: Path) -> None:
    order = factories.ready_order(cast.secretary)
    for path in (own_store.path / "versions" / order.store_version).glob("*.parquet"):
        path.write_bytes(bytes(path.stat().st_size))  # who reads the store now fails
    factories.release(order, cast.official)
    assert order.status == states.DELIVERED
    assert [snapshot.version for snapshot in versions(copies)] == [order.store_version]


def test_the_third_version_pushes_out_the_first(cast, own_store, copies: Path) -> None:
    used = [factories.ready_order(cast.secretary).store_version]
    for _ in range(2):
        own_store.publish(persons=own_store.persons)
        used.append(factories.ready_order(cast.secretary).store_version)
    assert [snapshot.version for snapshot in versions(copies)] == used[:0:-1]


def test_an_order_of_an_older_version_is_delivered_from_the_store(cast, own_store, copies: Path) -> None:
    order = factories.ready_order(cast.secretary)
    for _ in range(2):
        own_store.publish(persons=own_store.persons)
    with pipeline.population(order.store_version, pipeline.newest_version()) as read:
        assert read == own_store.path
    factories.release(order, cast.official)
    assert order.status == states.DELIVERED


def test_without_a_folder_for_copies_the_store_is_read_in_place_and_not_pruned_meanwhile(
    cast, own_store, settings
) -> None:
    first = pipeline.newest_version()
    own_store.publish(persons=own_store.persons)
    with pipeline.population(first) as read:
        assert read == own_store.path
        assert prune(own_store.path, newest=1) == []
    assert prune(own_store.path, newest=1) == [first]
