"""The disclosure register in Chromium: an official finds whose data went where, an administrator sees it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_journey import go_on, picture
from tests.browser.test_order_pages import faults
from tests.service import Service

CODE = "010594Y9032"


def test_an_official_finds_every_delivery_of_a_person(
    person: Callable[[str], Page], service: Service, delivered: str
) -> None:
    official = person("tarkastaja@rekisteri.example")
    official.goto("/staff/oversight/")
    official.locator("a[href='/staff/disclosures/']").click()
    official.check("[name=ground][value=art_15]")
    official.fill("[name=reference]", "REK/2026/17")
    official.fill("[name=codes]", "010594Y9033")  # a wrong check character: told so, and forgotten
    go_on(official)
    expect(official.locator(".error-summary a[href*=codes]")).to_be_visible()
    expect(official.locator("[name=codes]")).to_have_value("")
    expect(official.locator("[name=reference]")).to_have_value("REK/2026/17")
    picture(official, "search-form")
    official.fill("[name=codes]", f"{CODE}\n020594X903P")
    go_on(official)
    number = service.ask("SELECT serial FROM orders_order WHERE id = %s", delivered)[0][0]
    expect(official.locator("main table")).to_contain_text(f"{number:06d}", timeout=30_000)
    picture(official, "search-result")
    assert CODE not in official.url
    assert CODE not in official.content()
    assert faults(official, ["/staff/disclosures/", official.url.replace(service.address, "")]) == {}
    with official.expect_download() as download:
        official.locator("a[href$='result.csv']").click()
    assert "Kuusikon ammattiopisto" in download.value.path().read_text(encoding="utf-8-sig")


def test_an_administrator_oversees_the_searches(person: Callable[[str], Page], service: Service) -> None:
    admin = person("paakayttaja@rekisteri.example")
    admin.goto("/staff/disclosures/all/")
    expect(admin.locator("main table")).to_contain_text("REK/2026/17")
    assert faults(admin, ["/staff/disclosures/all/"]) == {}
