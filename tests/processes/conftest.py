"""One running service for each file of tests."""

from collections.abc import Iterator

import pytest

from tests.service import Service


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    running = Service()
    try:
        running.start()
        yield running
    finally:
        running.stop()
