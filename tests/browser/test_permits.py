"""A permit in Chromium: accepted, ordered under, changed, revoked; and the public register."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.processes import wait_until
from tests.browser.test_journey import REGISTER, go_on, picture, send
from tests.browser.test_order_pages import faults
from tests.service import Service

SignIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def permit(service: Service) -> str:
    """The address of a municipality's permit that waits for its acceptance."""
    return f"/permits/{service.run('-m', 'tests.processes.act', 'grant')}/"


def accept(page: Page, permit: str) -> None:
    page.goto(permit)
    picture(page, "permit-waits")
    page.locator(f"a[href='{permit}accept/']").click()
    go_on(page)  # nothing ticked: told so
    expect(page.locator(".error-summary")).to_be_visible()
    page.check("[name=accepted]")
    picture(page, "permit-accept")
    go_on(page)
    expect(page.locator("body")).to_contain_text("Lupa on hyväksytty")


def place_order(page: Page, permit: str, service: Service) -> str:
    """Order under the permit from its page; returns the order's id once its match has begun."""
    page.goto(permit)
    page.locator("main a[href='/orders/new/']").click()
    go_on(page)
    page.fill("[name=register_name]", "Asiakasrekisteri")
    page.check("[name=fields_wanted][value=surname]")
    go_on(page)
    send(page, "asiakkaat.csv", REGISTER.encode("cp1252"))
    place = page.locator("main a[href$='/place/']").first
    expect(place).to_be_visible(timeout=60_000)
    place.click()
    for name in ("accepted", "lawful", "purpose"):
        page.check(f"[name={name}]")
    go_on(page)
    expect(page.locator("body")).to_contain_text("Tilaus on tehty")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def test_a_permit_is_accepted_ordered_under_changed_and_revoked(
    person: SignIn, permit: str, service: Service
) -> None:
    accept(person("johtaja@metsala.example"), permit)
    applicant = person("hakija@metsala.example")
    order = place_order(applicant, permit, service)
    wait_until("the delivery", lambda: service.status(order) == "delivered", 120)
    applicant.goto(permit)
    picture(applicant, "permit-in-force")
    applicant.locator("form:has([name=kind][value=amendment]) button").click()
    applicant.wait_for_url("**/applications/*/form/")
    official = person("virkailija@rekisteri.example")
    official.goto(permit)
    official.locator("a[href$='/revoke/']").click()
    official.fill("[name=reason]", "Tietoja ei enää tarvita.")
    go_on(official)
    expect(official.locator("body")).to_contain_text("Lupa on peruutettu")
    applicant.goto(permit)
    expect(applicant.locator("main")).to_contain_text("Tietoja ei enää tarvita.")
    picture(applicant, "permit-revoked")
    applicant.goto(f"/orders/{order}/")
    expect(applicant.locator("a[href$='/download/csv/']")).to_have_count(0)
    expect(applicant.locator("main")).to_contain_text("peruutettu")


def test_axe_finds_nothing_on_the_pages_of_permits(
    person: SignIn, browser: Browser, service: Service
) -> None:
    waiting = f"/permits/{service.run('-m', 'tests.processes.act', 'grant')}/"
    signatory = person("johtaja@metsala.example")
    assert faults(signatory, ["/permits/", waiting, f"{waiting}accept/", "/register/"]) == {}
    official = person("tarkastaja@rekisteri.example")
    staff = ["/staff/permits/", "/staff/standing-permits/", "/staff/standing-permits/new/"]
    assert faults(official, [*staff, waiting, f"/staff{waiting}suspend/"]) == {}


def test_the_register_is_read_and_narrow_pages_stay_whole(person: SignIn, permit: str) -> None:
    page = person("hakija@metsala.example")
    for name, address in {"register": "/register/", "permits": "/permits/", "permit": permit}.items():
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(address)
        picture(page, f"{name}-wide")
        page.set_viewport_size({"width": 390, "height": 800})
        picture(page, f"{name}-narrow")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
