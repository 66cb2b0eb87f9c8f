"""The clearing in Chromium: an official decides by keys alone, another gives a second opinion."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.clearing import (
    FIRST,
    SECOND,
    accessible,
    clearing,
    pictures,
    press_key,
    results,
    signed_in,
    to_sample,
)
from tests.browser.test_journey import picture

ROWS = 12


def wrong_turn(page: Page) -> None:
    """The rest of a group cannot be decided before its sample: the button is off and says why."""
    expect(page.locator("main [aria-disabled=true]")).to_have_text("Ratkaise loput kuten otos")
    expect(page.locator(".action-reason")).to_contain_text("Ratkaise ensin otos")
    picture(page, "clearing-group")


def clear_by_keys(page: Page) -> None:
    page.get_by_role("link", name="Käy otos läpi").press("Enter")
    expect(page.locator("h1#case")).to_be_focused()
    accessible(page)
    pictures(page, "clearing-row")
    press_key(page, "s")  # the first is left for later
    press_key(page, "2")  # a slip
    press_key(page, "u")
    for _ in range(9):
        press_key(page, "1")


def test_an_order_is_cleared_by_keys_and_a_second_official_and_delivered(browser: Browser) -> None:
    with clearing("doubtful", ROWS, second_share=1) as (service, order):
        first = signed_in(browser, service, FIRST)
        to_sample(first, order)
        wrong_turn(first)
        clear_by_keys(first)
        first.get_by_role("link", name="Käy otos läpi").press("Enter")
        press_key(first, "1")
        first.get_by_label("Otoksen ratkaisu sopii jäljellä oleviin").check()
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
    pictures(page, "clearing-overview")
    accessible(page)
    page.get_by_role("link", name=f"Anna toinen ratkaisu ({ROWS})").press("Enter")
    expect(page.locator("#progress-words")).to_contain_text("Toinen virkailija on jo antanut")
    for _ in range(ROWS):
        press_key(page, "1")
    page.goto(f"/staff/orders/{order}/clearing/")
    expect(page.locator("section:has(#agreement) dl")).to_contain_text("100,0")
