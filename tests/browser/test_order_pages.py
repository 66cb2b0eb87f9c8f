"""The pages of orders in Chromium: accessible by axe, narrow, and kept up to date as they are read."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import sign_in
from tests.service import Service


@pytest.fixture(scope="module")
def orders(service: Service) -> dict[str, str]:
    """The address of an order of the secretary in each state that has a page of its own."""
    printed = service.run("-m", "tests.processes.act", "gallery", str(service.folder)).splitlines()
    return {name: f"/orders/{pk}/" for name, pk in (line.split(" ") for line in printed)}


@pytest.fixture(scope="module")
def secretary(browser: Browser, service: Service) -> Iterator[Page]:
    yield from _signed_in(browser, service, "sihteeri@kuusikko.example")


@pytest.fixture(scope="module")
def official(browser: Browser, service: Service) -> Iterator[Page]:
    yield from _signed_in(browser, service, "virkailija@rekisteri.example")


def _signed_in(browser: Browser, service: Service, email: str) -> Iterator[Page]:
    context = browser.new_context(
        bypass_csp=True, locale="fi-FI", base_url=service.address, reduced_motion="reduce"
    )  # no colour half-way between two when axe looks
    page = context.new_page()
    sign_in(page, service, email)
    expect(page.locator(".account form")).to_be_visible()
    yield page
    context.close()


def faults(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """What axe finds in both colour schemes, and the width where a page is wider than 320 pixels."""
    found = {}
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            violations = Axe().run(page).response["violations"]
            found[f"{address} {scheme}"] = [violation["id"] for violation in violations]
        page.set_viewport_size({"width": 320, "height": 600})
        width = page.evaluate("document.documentElement.scrollWidth")
        found[f"{address} narrow"] = [] if width == 320 else [f"{width} pixels"]
    page.set_viewport_size({"width": 1280, "height": 800})
    return {key: ids for key, ids in found.items() if ids}


STEPS = ("describe", "upload", "check", "mapping", "layout", "place", "cancel")


def test_axe_finds_nothing_on_a_customers_pages(secretary: Page, orders: dict[str, str]) -> None:
    draft = orders["checked"]
    of_a_draft = [f"{draft}{step}/" for step in STEPS]
    addresses = ["/orders/", "/orders/new/", "/orders/form/", *of_a_draft, f"{orders['refused']}check/"]
    assert faults(secretary, [*addresses, *orders.values()]) == {}


def test_axe_finds_nothing_on_an_officials_pages(official: Page, orders: dict[str, str]) -> None:
    addresses = ["/staff/deadlines/", "/orders/", orders["failed"], orders["delivered"]]
    assert faults(official, addresses) == {}


def test_what_can_no_longer_be_done_goes_off_under_the_reader(
    secretary: Page, service: Service, orders: dict[str, str]
) -> None:
    secretary.goto(orders["placed"])
    cancel = secretary.locator(f"a[href='{orders['placed']}cancel/']")
    cancel.focus()
    service.run("-m", "tests.processes.act", "finish", orders["placed"].split("/")[2])
    expect(cancel).to_have_count(0, timeout=10_000)
    expect(secretary.locator("main [aria-disabled=true]")).to_be_visible()
    expect(secretary.locator("main")).to_be_focused()


def test_a_package_is_chosen_without_losing_place_or_text(secretary: Page, orders: dict[str, str]) -> None:
    secretary.goto(f"{orders['draft']}describe/")
    secretary.fill("[name=register_name]", "Kurssirekisteri")
    secretary.locator("button[value=all]").click()
    expect(secretary.locator("[name=fields_wanted]:not(:checked)")).to_have_count(0)
    expect(secretary.locator("[name=register_name]")).to_have_value("Kurssirekisteri")
    expect(secretary.locator("[name=fields_wanted]").first).to_be_in_viewport()


def test_each_error_of_a_form_leads_to_its_field(secretary: Page, orders: dict[str, str]) -> None:
    secretary.goto(f"{orders['checked']}place/")
    secretary.locator("main .actions button").click()
    expect(secretary.locator(".error-summary")).to_be_focused()
    secretary.locator(".error-summary a").first.click()
    expect(secretary.locator("[name=accepted]")).to_be_focused()
