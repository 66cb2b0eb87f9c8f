"""A file with odd headers is mapped in Chromium; the organisation's next one is read by itself."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import begin_order, send, sign_in
from tests.service import Service

ODD = """Avain;Kuka;Ketkä;Missä
010594Y9032;Esimerkki;Aino Maria;Vanhatie 1
030594W903B;Suojattu;Tuuli;Piilopolku 1
"""
FIXED = "0017010594Y9032Esimerkki\n0018030594W903BSuojattu \n"
PICTURES = os.environ.get("MAPPING_PICTURES")


def picture(page: Page, name: str) -> None:
    """Keep pictures of the page, wide and narrow, where a folder for them is named."""
    if not PICTURES:
        return
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def to(page: Page, part: str) -> None:
    """Follow the page's link to another part of the order, once a worker has brought it about."""
    link = page.locator(f"main a[href$='/{part}/']").first
    expect(link).to_be_visible(timeout=30_000)
    link.click()


def choose(page: Page, *fields: str) -> None:
    for place, field in enumerate(fields):
        page.select_option(f"[name=column_{place}]", field)


def press(page: Page, act: str) -> None:
    page.locator(f"main .actions button[name=act][value='{act}']").click()


def test_odd_headers_are_mapped_by_hand_and_the_next_file_is_read_by_itself(
    page: Page, service: Service
) -> None:
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    send(page, "oma.csv", ODD.encode("cp1252"))
    to(page, "mapping")
    expect(page.locator("main")).to_contain_text("Esimerkki")
    picture(page, "mapping")
    choose(page, "hetu", "surname", "surname", "street")
    page.locator("main .actions button").last.click()  # one field from two columns: told so
    expect(page.locator(".error-summary a[href='#id_column_2']")).to_contain_text("Kuka")
    picture(page, "mapping-wrong")
    choose(page, "hetu", "surname", "given_names", "street")
    page.check("[name=save]")
    page.fill("[name=save_as]", "Oma ohjelma")
    page.locator("main .actions button").last.click()
    expect(page.locator("main a[href$='/place/']").first).to_be_visible(timeout=30_000)
    picture(page, "understood")
    begin_order(page, service)
    send(page, "toinen.csv", ODD.replace("Aino", "Eeva").encode("cp1252"))
    expect(page.locator(".notice").first).to_contain_text("Oma ohjelma", timeout=30_000)
    expect(page.locator("main a[href$='/place/']").first).to_be_visible()
    picture(page, "saved")


def test_a_fixed_width_file_is_laid_out_without_scripts(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    send(page, "palkat.txt", FIXED.encode())
    to(page, "mapping")
    to(page, "layout")
    for row, (name, start, length) in enumerate([("Nro", 1, 4), ("Tunnus", 5, 11), ("Nimi", 14, 9)]):
        page.fill(f"[name=row_{row}-name]", name)
        page.fill(f"[name=row_{row}-start]", str(start))
        page.fill(f"[name=row_{row}-length]", str(length))
    page.select_option("[name=row_1-field]", "hetu")
    press(page, "save")  # two columns have a character in common: told so
    expect(page.locator(".error-summary a[href='#id_row_2-start']")).to_be_visible()
    page.fill("[name=row_2-start]", "16")
    press(page, "preview")
    expect(page.locator(".sample").last).to_contain_text("030594W903B")
    picture(page, "layout")
    press(page, "save")
    expect(page.locator("main a[href$='/place/']").first).to_be_visible(timeout=30_000)
    expect(page.locator("main")).to_contain_text("Tunnus")
    context.close()


@pytest.mark.parametrize("path", ["mapping", "layout", "findings/csv"])
def test_a_stranger_learns_nothing_of_how_a_file_is_read(page: Page, service: Service, path: str) -> None:
    ((order,),) = service.ask("SELECT id FROM orders_order LIMIT 1")
    sign_in(page, service, "rehtori@lampi.example")
    response = page.goto(f"{service.address}/orders/{order}/{path}/")
    assert response is not None
    assert response.status == 404
