"""The whole journey in Chromium, against the real service: a school orders, an admin watches."""

import csv
import os
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from orders.demo import PASSWORD
from tests.service import Service

REGISTER = """Opiskelijanumero;Henkilötunnus;Sukunimi;Etunimet;Lähiosoite
0017;010594Y9032;Esimerkki;Aino Maria;Vanhatie 1
0018;030594W903B;Suojattu;Tuuli;Piilopolku 1
0019;010594Y9031;Väärä;Kielo;=1+1
"""
PICTURES = os.environ.get("JOURNEY_PICTURES")


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where a folder for them is named."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def sign_in(page: Page, service: Service, email: str) -> None:
    page.goto(f"{service.address}/accounts/login/")
    sign_in_here(page, service, email)


def sign_in_here(page: Page, service: Service, email: str) -> None:
    """Sign in on the sign-in page that is open."""
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    if secret := service.totp_secrets[email]:
        page.fill("[name=code]", format_hotp_value(hotp_value(secret, service.sign_in_step(email))))
        page.press("[name=code]", "Enter")


def go_on(page: Page) -> None:
    """Press the page's main button."""
    page.locator("main .actions button").first.click()


def begin_order(page: Page, service: Service) -> None:
    """A draft with its details."""
    page.goto(f"{service.address}/orders/new/")
    go_on(page)
    go_on(page)  # nothing filled: told so
    expect(page.locator(".error-summary a[href*=register_name]")).to_be_visible()
    page.fill("[name=register_name]", "Opiskelijarekisteri")
    page.check("[name=students][value=current]")
    for field in ("hetu", "surname", "street", "municipality"):
        page.check(f"[name=fields_wanted][value={field}]")
    picture(page, "2-describe")
    go_on(page)


def send(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    go_on(page)


def test_a_school_orders_an_update_and_fetches_the_delivery(
    page: Page, service: Service, tmp_path: Path
) -> None:
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    send(page, "kuva.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    expect(page.locator("main")).to_contain_text("kuva")
    send(page, "opiskelijat.csv", REGISTER.encode("cp1252"))
    on = page.locator("main a[href$='/place/']").first
    expect(on).to_be_visible(timeout=20_000)
    picture(page, "3-check")
    on.click()
    go_on(page)  # the terms not accepted: told so
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("[name=accepted_by]", "Sari Sihteeri")
    for name in ("accepted", "lawful", "purpose"):
        page.check(f"[name={name}]")
    picture(page, "4-place")
    go_on(page)
    expect(page.locator("a[href$='/download/csv/']")).to_be_visible(timeout=60_000)
    picture(page, "5-delivered")
    with page.expect_download() as download:
        page.locator("a[href$='/download/csv/']").click()
    download.value.save_as(tmp_path / "delivery.csv")
    rows = list(csv.DictReader((tmp_path / "delivery.csv").open(encoding="utf-8")))
    assert [row["vtj_result"] for row in rows] == ["match_id", "match_id", "invalid_id"]
    assert [row["vtj_street"] for row in rows] == ["Uusikatu 7 B 12", "", ""]
    assert (rows[0]["Opiskelijanumero"], rows[2]["Lähiosoite"]) == ("0017", "=1+1")


def test_an_admin_signs_in_with_two_steps_and_sees_the_deadlines(page: Page, service: Service) -> None:
    sign_in(page, service, "paakayttaja@rekisteri.example")
    page.goto(f"{service.address}/staff/deadlines/")
    expect(page.locator("h1")).to_be_visible()
    picture(page, "6-deadlines")


def test_a_stranger_learns_nothing_of_the_order(page: Page, service: Service) -> None:
    of_the_school = "organisation_id IN (SELECT id FROM portal_organisation WHERE business_id = '9000003-8')"
    ((order,),) = service.ask(f"SELECT id FROM orders_order WHERE {of_the_school} LIMIT 1")
    sign_in(page, service, "rehtori@lampi.example")
    response = page.goto(f"{service.address}/orders/{order}/")
    assert response is not None
    assert response.status == 404


def test_the_status_page_follows_the_order_without_scripts(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    send(page, "opiskelijat.csv", REGISTER.encode())
    on = page.locator("main a[href$='/place/']").first
    expect(on).to_be_visible(timeout=20_000)
    on.click()
    page.fill("[name=accepted_by]", "Sari Sihteeri")
    for name in ("accepted", "lawful", "purpose"):
        page.check(f"[name={name}]")
    go_on(page)
    expect(page.locator("a[href$='/download/csv/']")).to_be_visible(timeout=60_000)
    context.close()
