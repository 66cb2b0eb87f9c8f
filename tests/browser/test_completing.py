"""The customer completes a doubtful row in Chromium, after a wrong turn; an official sees it; delivered."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.clearing import CUSTOMER, FIRST, accessible, clearing, pictures, results, signed_in
from tests.browser.test_journey import picture

ROWS = 3


def test_a_row_is_completed_after_a_wrong_turn_and_delivered(browser: Browser) -> None:
    with clearing("completable", ROWS, second_share=0) as (service, order):
        page = signed_in(browser, service, CUSTOMER)
        to_list(page, order)
        wrong_turn(page)
        complete(page)
        nothing_more(page)
        official = signed_in(browser, service, FIRST)
        decide_the_rest(official, order)
        service.wait_for(order, "delivered")
        assert results(browser, service, order) == ["match_id", "match_review", "no_match_review", "match_id"]


def to_list(page: Page, order: str) -> None:
    page.goto(f"/orders/{order}/")
    picture(page, "completing-order")
    page.get_by_role("link", name="Katso epäselvät rivit").press("Enter")
    expect(page.locator("main table tbody tr")).to_have_count(ROWS)
    accessible(page)
    pictures(page, "completing-list")


def wrong_turn(page: Page) -> None:
    """A mistyped code: the summary takes the focus and leads to the field, which keeps what was typed."""
    page.get_by_role("link", name="Täydennä rivi 1", exact=True).press("Enter")
    accessible(page)
    picture(page, "completing-row")
    page.get_by_label("Henkilötunnus").fill("020594X903A")
    page.get_by_role("button", name="Lähetä täydennetty rivi").press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").press("Enter")
    expect(page.get_by_label("Henkilötunnus")).to_be_focused()
    expect(page.get_by_label("Henkilötunnus")).to_have_value("020594X903A")
    accessible(page)
    picture(page, "completing-wrong")


def complete(page: Page) -> None:
    page.get_by_label("Henkilötunnus").fill("020594X903P")
    page.get_by_role("button", name="Lähetä täydennetty rivi").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Rivi 1 on täydennetty")
    expect(page.locator("main table tbody tr").first).to_contain_text("Täydennetty")
    page.get_by_role("link", name="Täydennä rivi 3", exact=True).press("Enter")
    page.get_by_label("Kunta").fill("Helsinki")
    page.get_by_role("button", name="Lähetä täydennetty rivi").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Rivi 3 on täydennetty")


def nothing_more(page: Page) -> None:
    page.get_by_role("link", name="Täydennä rivi 2", exact=True).press("Enter")
    page.get_by_role("button", name="Emme tiedä tästä rivistä enempää").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Rivi 2 jää virkailijoille")
    picture(page, "completing-answered")


def decide_the_rest(page: Page, order: str) -> None:
    page.goto(f"/staff/orders/{order}/clearing/rows/2/")
    expect(page.get_by_role("heading", name="Mitä asiakas sanoo")).to_be_visible()
    accessible(page)
    picture(page, "completing-official")
    page.get_by_role("button", name="Valitse ehdokas 1").press("Enter")
    expect(page.locator("section:has(#answer) mark")).to_have_text("Helsinki")
    accessible(page)
    picture(page, "completing-official-completed")
    page.get_by_role("button", name="Ei kukaan näistä").press("Enter")
    page.goto(f"/staff/orders/{order}/clearing/")
    page.get_by_role("button", name="Päätä tarkistus").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Tarkistus on päätetty")
