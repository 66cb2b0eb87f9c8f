"""The machine's own Chromium. Without one the browser tests skip, or fail with REQUIRE_BROWSER=1."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.service import Service, serving

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
    with serving() as running:
        yield running


@pytest.fixture
def person(browser: Browser, service: Service) -> Iterator[Callable[[str], Page]]:
    """A page of one's own for each who signs in, by e-mail address."""
    contexts = []

    def signed_in(email: str) -> Page:
        context = browser.new_context(
            bypass_csp=True, locale="fi-FI", base_url=service.address, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        from tests.browser.test_journey import sign_in

        sign_in(page, service, email)
        expect(page.locator(".account form")).to_be_visible()
        return page

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def delivered(service: Service) -> str:
    """The id of an order of the secretary's that has just been delivered."""
    from tests import factories

    register = service.folder / "delivered.csv"
    register.write_text(factories.REGISTER, encoding="cp1252")
    order = service.run("-m", "tests.processes.act", "place", str(register)).split()[-1]
    service.wait_for(order, "delivered")
    return order
