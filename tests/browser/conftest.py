"""The machine's own Chromium. Without one the browser tests skip, or fail with REQUIRE_BROWSER=1."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.service import Service

# Playwright's loop lives in the test's own thread to the end of the run, also under the tests that follow.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session", autouse=True)
def _needs_chromium() -> None:
    if CHROMIUM is None and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER is 1, but no Chromium is installed.")
    if CHROMIUM is None:
        pytest.skip("No Chromium is installed.")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The whole service as real processes, the web among them."""
    running = Service()
    try:
        running.start()
        running.start_web()
        yield running
    finally:
        running.stop()
