"""A permission for a third party in Chromium: asked for on the order's page, decided by an official, told."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.test_journey import go_on, picture
from tests.browser.test_order_pages import faults
from tests.service import Service


def fill(page: Page) -> None:
    page.fill("[name=recipient]", "Männikön kaupunki")
    page.fill("[name=recipient_email]", "kirjaamo@mannikko.example")
    page.check("[name=fields_wanted][value=street]")
    page.fill("[name=purpose]", "Koulukuljetusten järjestäminen")
    page.fill("[name=legal_ground]", "Perusopetuslaki 32 §")
    page.fill("[name=protection]", "Kaksi käsittelijää, poistetaan kauden lopussa.")
    page.fill("[name=valid_to]", (date.today() + timedelta(days=30)).isoformat())


def ask(page: Page, order: str) -> None:
    """Ask for a permission on the order's page; the first business id has a wrong check digit."""
    page.goto(f"/orders/{order}/")
    page.locator(f"a[href='/orders/{order}/third-parties/new/']").click()
    fill(page)
    right = factories.business_id(9_900_000)
    page.fill("[name=business_id]", f"{right[:-1]}{(int(right[-1]) + 1) % 10}")
    go_on(page)
    expect(page.locator(".error-summary a[href*=business_id]")).to_be_visible()
    expect(page.locator("[name=purpose]")).to_have_value("Koulukuljetusten järjestäminen")
    picture(page, "third-party-ask")
    page.fill("[name=business_id]", right)
    go_on(page)
    expect(page.locator("main .badge").first).to_have_text("Odottaa ratkaisua")


def decide(page: Page) -> None:
    """Grant the oldest request that waits; the first time without conditions."""
    page.goto("/staff/third-parties/")
    picture(page, "third-party-queue")
    page.locator("main table a").first.click()
    page.check("[name=decision][value=grant]")
    go_on(page)
    expect(page.locator(".error-summary a[href*=conditions]")).to_be_visible()
    picture(page, "third-party-decide")
    page.fill("[name=conditions]", "Vain kuljetusten järjestämiseen.")
    go_on(page)
    page.wait_for_url("**/staff/third-parties/")


def test_a_school_is_permitted_to_give_addresses_on(
    person: Callable[[str], Page], service: Service, delivered: str
) -> None:
    secretary, official = person("sihteeri@kuusikko.example"), person("virkailija@rekisteri.example")
    ask(secretary, delivered)
    page = f"/orders/{delivered}/third-parties/1/"
    assert faults(secretary, [page, f"/orders/{delivered}/third-parties/new/"]) == {}
    asked = service.ask("SELECT id FROM orders_thirdpartypermission WHERE order_id = %s", delivered)[0][0]
    assert faults(official, ["/staff/third-parties/", f"/staff/third-parties/{asked}/"]) == {}
    decide(official)
    secretary.goto(page)
    expect(secretary.locator("main .badge").first).to_have_text("Myönnetty")
    expect(secretary.locator("main")).to_contain_text("Vain kuljetusten järjestämiseen.")
    picture(secretary, "third-party-granted")
    secretary.goto(f"/orders/{delivered}/")
    expect(secretary.locator("#third-parties + p + table")).to_contain_text("Männikön kaupunki")
