"""An order of buildings under a permit on several kinds of data, in Chromium, with its wrong turns."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from orders import policies
from tests.browser.test_journey import go_on, picture, send, sign_in
from tests.population import BUILDING
from tests.service import Service

REGISTER = f"""Kohdenumero;Rakennustunnus;Katuosoite
0001;{BUILDING};Vanhatie 9
0002;123;
"""


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A rector, whose adult education centre pays for its orders, at work."""
    context = browser.new_context(bypass_csp=True, locale="fi-FI", reduced_motion="reduce")
    made = context.new_page()
    sign_in(made, service, "rehtori@lampi.example")
    yield made
    context.close()


def look(page: Page, name: str) -> None:
    """The page as it stands has no fault of accessibility and is not too wide for a phone."""
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    picture(page, f"any-{name}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    picture(page, f"any-{name}-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})


def begin(page: Page, service: Service, permit: str) -> None:
    """Choose the permit, and after a wrong turn what the register is about."""
    page.goto(f"{service.address}/orders/new/")
    page.check(f"[name=permit][value='{permit}']")
    look(page, "1-permit")
    go_on(page)
    go_on(page)  # nothing chosen: told so
    expect(page.locator(".error-summary a[href*=subject]")).to_be_visible()
    assert page.locator("[name=subject]").count() == 2
    look(page, "2-subject")
    page.check("[name=subject][value=building]")
    go_on(page)


def describe(page: Page) -> None:
    """Fill the details; a wish for today is told to be too early."""
    page.fill("[name=register_name]", "Tilarekisteri")
    for field in ("building_id", "street_fi", "owners"):
        page.check(f"[name=fields_wanted][value={field}]")
    assert page.locator("[name=fields_wanted][value=hetu]").count() == 0
    page.fill("[name=wanted_on]", policies.today().isoformat())
    go_on(page)
    expect(page.locator(".error-summary a[href*=wanted_on]")).to_be_visible()
    expect(page.locator("[name=fields_wanted][value=owners]")).to_be_checked()
    look(page, "3-describe")
    page.fill("[name=wanted_on]", (policies.today() + timedelta(days=15)).isoformat())
    go_on(page)


def place(page: Page) -> None:
    """Place the order; without an assurance it is not."""
    on = page.locator("main a[href$='/place/']").first
    expect(on).to_be_visible(timeout=30_000)
    on.click()
    page.check("[name=accepted]")
    page.check("[name=lawful]")
    go_on(page)
    expect(page.locator(".error-summary a[href*=purpose]")).to_be_visible()
    look(page, "4-place")
    page.check("[name=purpose]")
    go_on(page)


def test_a_register_of_buildings_is_updated_confirmed_and_ordered_again(
    page: Page, service: Service, tmp_path: Path
) -> None:
    begin(page, service, service.run("-m", "tests.processes.act", "wide"))
    describe(page)
    send(page, "tilat.csv", REGISTER.encode())
    place(page)
    with page.expect_download(timeout=90_000) as download:
        page.locator("a[href$='/download/csv/']").click(timeout=90_000)
    download.value.save_as(tmp_path / "delivery.csv")
    rows = list(csv.DictReader((tmp_path / "delivery.csv").open(encoding="utf-8")))
    assert [(row["vtj_result"], row["vtj_street_fi"]) for row in rows] == [
        ("match_id", "Koivutie"),
        ("invalid_id", ""),
    ]
    assert rows[0]["vtj_owners"].startswith("Esimerkki Aino Maria, Uusikatu 7 B 12")
    assert "Suojattu Tuuli" in rows[0]["vtj_owners"]
    assert "Piilopolku" not in rows[0]["vtj_owners"]
    confirmed_and_again(page, tmp_path)


def confirmed_and_again(page: Page, folder: Path) -> None:
    """Fetch the confirmation, and begin the same order anew."""
    page.reload()
    look(page, "5-delivered")
    with page.expect_download() as download:
        page.locator("a[href$='/confirmation.pdf']").click()
    download.value.save_as(folder / "confirmation.pdf")
    assert "Tilarekisteri" in PdfReader(folder / "confirmation.pdf").pages[0].extract_text()
    page.locator("main a[href$='/again/']").click()
    look(page, "6-again")
    go_on(page)
    expect(page.locator("[name=register_name]")).to_have_value("Tilarekisteri")
    expect(page.locator("[name=fields_wanted][value=owners]")).to_be_checked()
    expect(page.locator("[name=fields_wanted][value=floor_area]")).not_to_be_checked()


def test_an_administrator_adds_a_price_list_and_sees_what_is_to_be_invoiced(
    browser: Browser, service: Service
) -> None:
    context = browser.new_context(bypass_csp=True, locale="fi-FI", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, service, "paakayttaja@rekisteri.example")
    page.goto(f"{service.address}/staff/prices/new/")
    page.fill("[name=base]", "ilmainen")
    go_on(page)
    expect(page.locator(".error-summary a[href*=base]")).to_be_visible()
    look(page, "7-price-list")
    page.fill("[name=valid_from]", (policies.today() + timedelta(days=400)).isoformat())
    page.fill("[name=base]", "190,00")
    page.fill("[name=per_thousand]", "26,50")
    go_on(page)
    expect(page.locator("tbody th").first).to_contain_text("Tulossa")
    look(page, "8-price-lists")
    today = policies.today().isoformat()
    page.goto(f"{service.address}/staff/invoicing/")
    page.fill("[name=first]", today)
    page.fill("[name=last]", (policies.today() - timedelta(days=1)).isoformat())
    go_on(page)
    expect(page.locator(".error-summary a[href*=last]")).to_be_visible()
    page.fill("[name=last]", today)
    go_on(page)
    expect(page.locator(".error-summary")).to_have_count(0)
    look(page, "9-invoicing")
    context.close()
