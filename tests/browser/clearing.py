"""What officials and customers do in the browser tests of clearing."""

import csv
import io

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import sign_in
from tests.service import Service

FIRST, SECOND, CUSTOMER = (
    "virkailija@rekisteri.example",
    "tarkastaja@rekisteri.example",
    "sihteeri@kuusikko.example",
)


def signed_in(browser: Browser, service: Service, email: str) -> Page:
    context = browser.new_context(
        locale="fi-FI", base_url=service.address, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    sign_in(page, service, email)
    expect(page.locator(".account form")).to_be_visible()
    return page


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
