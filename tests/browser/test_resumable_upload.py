"""Sending a large register in Chromium: over a line that breaks, with a pause, after a reload, and without
a script."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests import tus_socket
from tests.browser.test_journey import REGISTER, begin_order, go_on, send, sign_in
from tests.service import Service
from tests.tus_socket import MIB

LENGTH = 24 * MIB  # three parts of the script's
PICTURES = os.environ.get("UPLOAD_PICTURES")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "opiskelijat.csv"
    with path.open("wb") as file:
        file.writelines(tus_socket.content(0, LENGTH))
    return path


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """The upload page of a new order; nothing on it breaks the content security policy."""
    context = browser.new_context(locale="fi-FI", reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    expect(page.locator("form[data-uploads]")).to_be_visible()
    yield page
    assert [fault for fault in faults if "Content Security" in fault or "Error:" in fault] == []
    context.close()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.set_viewport_size({"width": 1100, "height": 900})
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})
        page.screenshot(path=str(Path(PICTURES) / f"{name}-360.png"), full_page=True)


def slow(page: Page, bytes_a_second: int) -> None:
    """A line that takes so much; -1 for one without a bound."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    rates = {"downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, **rates})


def offsets_sent(page: Page) -> list[int]:
    """The offsets of the parts that the page sends from now on."""
    sent: list[int] = []

    def remember(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))

    page.on("request", remember)
    return sent


def wait_for_a_part(page: Page) -> None:
    """Until the first part has arrived and the second is under way."""
    bar = page.locator("[data-bar]")
    for _look in range(300):
        if bar.evaluate("bar => bar.value") > 40:
            return
        page.wait_for_timeout(50)
    pytest.fail("The first part does not arrive.")


def arrived_whole(page: Page, register: Path) -> None:
    page.wait_for_url("**/check/", timeout=60_000)
    expect(page.locator(".hash")).to_have_text(
        hashlib.sha256(register.read_bytes()).hexdigest(), timeout=60_000
    )


def test_a_line_that_breaks_is_told_and_sending_goes_on_by_itself(page: Page, register: Path) -> None:
    sent = offsets_sent(page)

    def break_the_second(route: Route) -> None:
        if route.request.method == "PATCH" and len(sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*/", break_the_second)
    page.set_input_files("[type=file]", register)
    go_on(page)
    state = page.locator("[data-sending] [role=status]")
    expect(state).to_contain_text("Yhteys on poikki. 33 % on saapunut", timeout=20_000)
    picture(page, "upload-broken")
    arrived_whole(page, register)
    assert sent == [0, 8 * MIB, 8 * MIB, 16 * MIB]
    picture(page, "upload-checked")


def test_sending_waits_for_a_line_that_is_away_and_can_be_paused(page: Page, register: Path) -> None:
    slow(page, 3 * MIB)
    sent = offsets_sent(page)
    page.set_input_files("[type=file]", register)
    go_on(page)
    expect(page.locator("[data-sending] progress")).to_be_visible()
    page.route("**/uploads/**", lambda route: route.abort("internetdisconnected"))
    told = page.locator("[data-state]")
    expect(told).to_contain_text("Yhteys on poikki", timeout=20_000)
    expect(told).to_contain_text("uudelleen 4 sekunnin", timeout=20_000)  # longer each time
    page.unroute_all()
    expect(page.locator("[data-state]")).not_to_contain_text("Yhteys on poikki", timeout=20_000)
    pause = page.get_by_role("button", name="Keskeytä")
    pause.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("Keskeytetty.")
    picture(page, "upload-paused")
    before = len(sent)
    page.wait_for_timeout(1500)
    assert len(sent) == before
    slow(page, -1)
    page.get_by_role("button", name="Jatka").press("Enter")
    arrived_whole(page, register)


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(page: Page, register: Path) -> None:
    slow(page, 16 * MIB)
    page.set_input_files("[type=file]", register)
    go_on(page)
    wait_for_a_part(page)
    page.reload()
    slow(page, -1)
    expect(page.locator(".unfinished")).to_contain_text("opiskelijat.csv")
    expect(page.locator(".unfinished")).to_contain_text("Poistetaan")
    picture(page, "upload-unfinished")
    sent = offsets_sent(page)
    page.set_input_files("[type=file]", register)
    go_on(page)
    arrived_whole(page, register)
    assert min(sent) >= 8 * MIB


def test_a_wrong_file_is_told_in_words_and_another_can_be_chosen(page: Page, register: Path) -> None:
    send(page, "rekisteri.csv", b"%PDF-1.7 " + b"0" * 1000)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("PDF")
    expect(problem).to_be_focused()
    picture(page, "upload-pdf")
    send(page, "opiskelijat.csv", REGISTER.encode("cp1252"))
    expect(page.locator("main a[href$='/place/']").first).to_be_visible(timeout=20_000)


def test_an_earlier_mistake_is_forgotten_when_a_file_is_sent(page: Page) -> None:
    go_on(page)
    expect(page.locator(".error-summary")).to_be_visible()
    send(page, "rekisteri.csv", b"%PDF-1.7 " + b"0" * 1000)
    expect(page.get_by_role("alert")).to_contain_text("PDF")
    expect(page.locator(".error-summary, .field-error")).to_have_count(0)


def test_sending_can_be_cancelled_and_nothing_stays(page: Page, register: Path, service: Service) -> None:
    slow(page, 2 * MIB)
    page.set_input_files("[type=file]", register)
    go_on(page)
    expect(page.locator("[data-amount]")).to_contain_text("Mt")
    page.get_by_role("button", name="Peruuta lähetys").click()
    expect(page.locator("[type=file]")).to_be_enabled()
    slow(page, -1)
    page.reload()
    expect(page.locator(".unfinished")).to_have_count(0)


def test_an_unfinished_upload_is_deleted_by_its_button(page: Page, register: Path) -> None:
    slow(page, 16 * MIB)
    page.set_input_files("[type=file]", register)
    go_on(page)
    wait_for_a_part(page)
    page.reload()
    page.locator(".unfinished button").click()
    expect(page.locator("[role=status]").first).to_contain_text("poistettu")
    expect(page.locator(".unfinished")).to_have_count(0)


def test_without_a_script_the_form_sends_the_file_in_one_go(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    send(page, "rekisteri.csv", b"%PDF-1.7 and so on")
    expect(page.locator(".error-summary")).to_contain_text("PDF")
    send(page, "opiskelijat.csv", REGISTER.encode())
    page.wait_for_url("**/check/")
    expect(page.locator(".hash")).to_have_text(hashlib.sha256(REGISTER.encode()).hexdigest(), timeout=20_000)
    context.close()


def test_axe_finds_nothing_while_a_file_is_sent(browser: Browser, service: Service, register: Path) -> None:
    context = browser.new_context(bypass_csp=True, locale="fi-FI", reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, service, "sihteeri@kuusikko.example")
    begin_order(page, service)
    slow(page, 4 * MIB)
    page.set_input_files("[type=file]", register)
    go_on(page)
    page.get_by_role("button", name="Keskeytä").press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("Keskeytetty.")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
