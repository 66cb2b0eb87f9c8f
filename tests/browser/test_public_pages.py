"""The public pages in Chromium: accessible by axe, on a narrow screen, by keyboard, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.service import Service

PAGES = ["/", "/service/", "/accessibility/", "/privacy/", "/accounts/login/", "/nowhere/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_public_pages(service: Service, browser: Browser, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme, bypass_csp=True)
    found = {}
    for path in PAGES:
        page.goto(f"{service.address}{path}")
        found[path] = [violation["id"] for violation in Axe().run(page).response["violations"]]
    page.close()
    assert found == {path: [] for path in PAGES}


def test_nothing_is_wider_than_a_screen_of_320_pixels(service: Service, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 600})
    for path in PAGES:
        page.goto(f"{service.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    page.close()


def test_nothing_is_refused_by_the_content_security_policy(service: Service, page: Page) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    for path in PAGES:
        page.goto(f"{service.address}{path}")
    assert [text for text in told if "Content Security Policy" in text] == []


def test_the_first_tab_stop_skips_to_the_main_content(service: Service, page: Page) -> None:
    page.goto(service.address)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_language_is_chosen_without_scripts(service: Service, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{service.address}/service/")
    page.get_by_role("button", name="Svenska").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page).to_have_url(f"{service.address}/service/")
    page.close()


def test_every_button_and_field_is_large_enough_to_touch(service: Service, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{service.address}/accounts/login/")
    for target in page.locator("button, a.button, main input:not([type=hidden], [type=checkbox])").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
