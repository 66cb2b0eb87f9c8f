"""The clearing of buildings in Chromium: an official decides a group by keys, after wrong turns."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.clearing import (
    FIRST,
    accessible,
    clearing,
    pictures,
    press_key,
    results,
    signed_in,
    to_sample,
)
from tests.browser.test_journey import picture, sign_in_here
from tests.service import Service

ROWS = 12


def wrong_turns(page: Page) -> None:
    """A group is not decided before its sample; a key of a candidate that is not there does nothing."""
    expect(page.locator("main [aria-disabled=true]")).to_have_text("Ratkaise loput kuten otos")
    page.get_by_role("link", name="Käy otos läpi").press("Enter")
    expect(page.locator("h1#case")).to_be_focused()
    before = page.url
    page.keyboard.press("7")
    expect(page).to_have_url(before)


def look_at(page: Page) -> None:
    expect(page.locator("h1#case")).to_contain_text("Mitä rakennusta rivi")
    expect(page.locator("#why ~ table")).to_contain_text("katu, talon numero ja postinumero")
    accessible(page)
    pictures(page, "clearing-building")


def session_ends(page: Page, service: Service) -> None:
    """A decision that comes too late is told to be lost, on the same row, and is given again."""
    here = page.url.partition("#")[0]
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("1")
    expect(page.locator(".messages")).to_contain_text("eikä lähettämääsi tallennettu")
    accessible(page)
    pictures(page, "session-ended")
    sign_in_here(page, service, FIRST)
    expect(page).to_have_url(here)
    expect(page.locator(".messages")).to_contain_text("Lähettämääsi ei tallennettu")
    accessible(page)
    pictures(page, "session-ended-after")
    page.goto(f"{here}#case")


def test_doubtful_buildings_are_decided_and_delivered(browser: Browser) -> None:
    with clearing("buildings", ROWS, second_share=0) as (service, order):
        page = signed_in(browser, service, FIRST)
        to_sample(page, order)
        wrong_turns(page)
        look_at(page)
        session_ends(page, service)
        press_key(page, "0")  # a slip
        press_key(page, "u")
        for _ in range(10):
            press_key(page, "1")
        page.get_by_label("Otoksen ratkaisu sopii jäljellä oleviin").check()
        page.get_by_role("button", name="Ratkaise loput kuten otos").press("Enter")
        expect(page.locator(".messages")).to_contain_text("2 riviä ratkaistiin kuten otos")
        page.goto(f"/staff/orders/{order}/clearing/")
        accessible(page)
        picture(page, "clearing-buildings-overview")
        page.get_by_role("button", name="Päätä tarkistus").press("Enter")
        expect(page.locator(".messages")).to_contain_text("Tarkistus on päätetty")
        service.wait_for(order, "delivered")
        assert results(browser, service, order) == ["match_review"] * ROWS + ["match_id"]
