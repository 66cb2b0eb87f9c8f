"""The clearing in Chromium: an official decides by keys alone, another gives a second opinion."""

import csv
import io
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import picture, sign_in
from tests.service import Service

FIRST, SECOND, CUSTOMER = (
    "virkailija@rekisteri.example",
    "tarkastaja@rekisteri.example",
    "sihteeri@kuusikko.example",
)
ROWS = 12


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A service of its own, in which every decision has a second opinion."""
    running = Service(CLEARING_SECOND_SHARE="1", RELEASE_SECONDS="1")
    try:
        running.start()
        running.start_web()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def order(service: Service) -> str:
    """An order of a dozen doubtful rows and one sound one, in clearing with its sheets made."""
    order = service.run("-m", "tests.processes.act", "doubtful", str(service.folder), str(ROWS))
    service.wait_for(order, "clearing")
    return order


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


def wrong_turn(page: Page) -> None:
    """The rest of a group cannot be decided before its sample: the button is off and says why."""
    expect(page.locator("main [aria-disabled=true]")).to_have_text("Ratkaise loput kuten otos")
    expect(page.locator(".action-reason")).to_contain_text("Ratkaise ensin otos")
    picture(page, "clearing-group")


def clear_by_keys(page: Page) -> None:
    page.get_by_role("link", name="Käy otos läpi").press("Enter")
    expect(page.locator("h1#case")).to_be_focused()
    accessible(page)
    picture(page, "clearing-row")
    page.set_viewport_size({"width": 360, "height": 800})
    picture(page, "clearing-row-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    press_key(page, "s")  # the first is left for later
    press_key(page, "2")  # a slip
    press_key(page, "u")
    for _ in range(9):
        press_key(page, "1")


def test_an_order_is_cleared_by_keys_and_a_second_official_and_delivered(
    browser: Browser, service: Service, order: str
) -> None:
    first = signed_in(browser, service, FIRST)
    to_sample(first, order)
    wrong_turn(first)
    clear_by_keys(first)
    first.get_by_role("link", name="Käy otos läpi").press("Enter")
    press_key(first, "1")
    first.get_by_role("button", name="Ratkaise loput kuten otos").press("Enter")
    expect(first.locator(".messages")).to_contain_text("2 riviä ratkaistiin kuten otos")
    first.goto(f"/staff/orders/{order}/clearing/")
    expect(first.locator(".action-reason")).to_contain_text(f"{ROWS} riviä odottaa toista ratkaisua")
    second = signed_in(browser, service, SECOND)
    second_opinions(second, order)
    second.get_by_role("button", name="Päätä tarkistus").press("Enter")
    expect(second.locator(".messages")).to_contain_text("Tarkistus on päätetty")
    service.wait_for(order, "delivered")
    assert results(browser, service, order) == ["match_review"] * ROWS + ["match_id"]


def second_opinions(page: Page, order: str) -> None:
    """Given blindly, they agree with the first ones."""
    page.goto(f"/staff/orders/{order}/clearing/")
    picture(page, "clearing-overview")
    accessible(page)
    page.set_viewport_size({"width": 360, "height": 800})
    picture(page, "clearing-overview-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name=f"Anna toinen ratkaisu ({ROWS})").press("Enter")
    expect(page.locator("#progress-words")).to_contain_text("Toinen virkailija on jo antanut")
    for _ in range(ROWS):
        press_key(page, "1")
    page.goto(f"/staff/orders/{order}/clearing/")
    expect(page.locator("section:has(#agreement) dl")).to_contain_text("100,0")


def results(browser: Browser, service: Service, order: str) -> list[str]:
    page = signed_in(browser, service, CUSTOMER)
    page.goto(f"/orders/{order}/")
    with page.expect_download() as download:
        page.locator("a[href$='/download/csv/']").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8")))
    return [row["vtj_result"] for row in rows]
