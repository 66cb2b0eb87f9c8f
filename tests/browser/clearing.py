"""What officials and customers do in the browser tests of clearing."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import picture, sign_in
from tests.service import Service, serving

FIRST, SECOND, CUSTOMER = (
    "virkailija@rekisteri.example",
    "tarkastaja@rekisteri.example",
    "sihteeri@kuusikko.example",
)


@contextmanager
def clearing(act: str, rows: int, *, second_share: int) -> Iterator[tuple[Service, str]]:
    """A service of its own, and in it an order of so many doubtful rows, in clearing with its sheets made.

    `second_share` is how many of the decisions have a second opinion: none (0) or all (1).
    """
    with serving(CLEARING_SECOND_SHARE=str(second_share), RELEASE_SECONDS="1") as service:
        order = service.run("-m", "tests.processes.act", act, str(service.folder), str(rows))
        service.wait_for(order, "clearing")
        yield service, order


def signed_in(browser: Browser, service: Service, email: str) -> Page:
    context = browser.new_context(
        locale="fi-FI", base_url=service.address, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, service, email)
    expect(page.locator(".account form")).to_be_visible()
    return page


def pictures(page: Page, name: str) -> None:
    """The page as it is on a desk and on a telephone."""
    picture(page, name)
    page.set_viewport_size({"width": 360, "height": 800})
    picture(page, f"{name}-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})


def accessible(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in violations] == []


def press_key(page: Page, key: str) -> None:
    """Decide by a key: the next page opens with its heading in focus, or the overview where none is left."""
    page.wait_for_selector("[data-keys-choice]:not([hidden])", state="attached")  # the script is at work
    expect(page.locator("h1#case")).to_be_focused()
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)


def to_sample(page: Page, order: str) -> None:
    page.goto(f"/staff/orders/{order}/clearing/")
    page.locator(".group-link").first.click()


def results(browser: Browser, service: Service, order: str) -> list[str]:
    page = signed_in(browser, service, CUSTOMER)
    page.goto(f"/orders/{order}/")
    with page.expect_download() as download:
        page.locator("a[href$='/download/csv/']").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8")))
    return [row["vtj_result"] for row in rows]
