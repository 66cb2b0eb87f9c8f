"""One running service for each file of tests."""

from collections.abc import Iterator

import pytest

from tests.service import Service, serving


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving(web=False) as running:
        yield running
