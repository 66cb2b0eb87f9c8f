"""A delivery in Chromium: released early, its duties acknowledged, downloaded, made anew, expired."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from playwright.sync_api import Page, expect
from pyrage import x25519

from portal.processes import wait_until
from tests.browser.test_journey import go_on, picture, sign_in
from tests.service import Service, serving

SECRETARY, OFFICIAL = "sihteeri@kuusikko.example", "virkailija@rekisteri.example"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A service whose orders wait for their window, so that an official releases early."""
    with serving(DELIVERY_RELEASE="in_window", CUSTOMER_REISSUES="1") as running:
        yield running


@pytest.fixture(scope="module")
def order(service: Service) -> str:
    return service.run("-m", "tests.processes.deliver", "ready").splitlines()[-1]


def fetch(page: Page, kind: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(f"a[href$='/download/{kind}/']").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_order(page: Page, service: Service, order: str, email: str = SECRETARY) -> None:
    sign_in(page, service, email)
    page.goto(f"{service.address}/orders/{order}/")


def test_an_official_releases_the_order_early_with_a_reason(page: Page, service: Service, order: str) -> None:
    open_order(page, service, order, OFFICIAL)
    page.fill("[name=reason]", "Asiakkaan kiireellinen tarve")
    page.locator("form[action$='/release/'] button").click()
    service.wait_for(order, "delivered")


def test_the_customer_acknowledges_the_duties_and_downloads_each_form(
    page: Page, service: Service, order: str, tmp_path: Path
) -> None:
    open_order(page, service, order)
    expect(page.locator("a[href$='/download/csv/']")).to_have_count(0)
    response = page.request.get(f"{service.address}/orders/{order}/download/csv/")
    assert response.status == 403
    page.locator(".actions a[href$='/duties/']").click()
    go_on(page)  # not ticked: told so
    expect(page.locator(".error-summary")).to_be_visible()
    picture(page, "delivery-duties")
    page.check("[name=acknowledged]")
    go_on(page)
    expect(page.locator(".downloads a").first).to_be_visible()
    kinds = [link.get_attribute("href").split("/")[-2] for link in page.locator(".downloads a").all()]
    assert {"csv", "xlsx"} <= set(kinds)
    files = {kind: fetch(page, kind, tmp_path) for kind in kinds}
    rows = list(csv.DictReader(files["csv"].open(encoding="utf-8")))
    assert [row["vtj_street"] for row in rows] == ["Uusikatu 7 B 12", "Piilopolku 1"]
    assert rows[0]["Opiskelijanumero"] == "0017"
    page.reload()
    expect(page.locator("main")).to_contain_text("Sari Sihteeri")
    picture(page, "delivery-downloaded")


def test_the_result_report_is_a_page_and_a_pdf(
    page: Page, service: Service, order: str, tmp_path: Path
) -> None:
    open_order(page, service, order)
    page.locator("a[href$='/report/']").first.click()
    expect(page.locator(".chart").first).to_be_visible()
    picture(page, "delivery-report")
    assert fetch(page, "report", tmp_path).read_bytes().startswith(b"%PDF")


def test_another_organisation_finds_no_such_delivery(page: Page, service: Service, order: str) -> None:
    sign_in(page, service, "rehtori@lampi.example")
    for path in ("download/csv/", "duties/", "report/", "reissue/"):
        response = page.request.get(f"{service.address}/orders/{order}/{path}")
        assert response.status == 404


def test_a_delivery_made_anew_is_for_the_organisations_own_key(
    page: Page, service: Service, order: str, tmp_path: Path
) -> None:
    identity = x25519.Identity.generate()
    open_order(page, service, order)
    ((school,),) = service.ask("SELECT organisation_id FROM orders_order WHERE id = %s", order)
    page.goto(f"{service.address}/organisations/{school}/key/")
    page.fill("[name=key]", "tämä ei ole avain")
    go_on(page)
    expect(page.locator(".error-summary")).to_contain_text("age1")
    picture(page, "delivery-key")
    page.fill("[name=key]", str(identity.to_public()))
    go_on(page)
    page.goto(f"{service.address}/orders/{order}/reissue/")
    go_on(page)  # nothing chosen: told so
    expect(page.locator(".error-summary")).to_be_visible()
    page.check("[name=cause][value=key]")
    page.fill("[name=reason]", "Otimme käyttöön oman avaimen")
    picture(page, "delivery-reissue")
    go_on(page)
    made = "SELECT 1 FROM orders_delivery WHERE number = 2"
    wait_until("the delivery", lambda: service.ask(made), 60)
    acknowledge_and_open(page, service, order, identity, tmp_path)


def acknowledge_and_open(
    page: Page, service: Service, order: str, identity: x25519.Identity, folder: Path
) -> None:
    """The duties are acknowledged for each delivery; what comes is for the key alone."""
    page.goto(f"{service.address}/orders/{order}/duties/")
    page.check("[name=acknowledged]")
    go_on(page)
    picture(page, "delivery-own-key")
    sealed = fetch(page, "csv", folder)
    assert sealed.name.endswith("-2.csv.age")
    assert "Uusikatu 7 B 12" in pyrage.decrypt(sealed.read_bytes(), [identity]).decode()


def test_after_its_last_day_nothing_is_handed_out(page: Page, service: Service, order: str) -> None:
    service.run("-m", "tests.processes.deliver", "expire", order)
    open_order(page, service, order)
    expect(page.locator("a[href$='/download/csv/']")).to_have_count(0)
    assert page.request.get(f"{service.address}/orders/{order}/download/csv/").status == 403
