"""An application in Chromium against the real service: filled in, saved by itself, submitted."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from permits.form import form_spec
from portal.processes import wait_until
from tests.browser.test_journey import picture, sign_in
from tests.browser.test_order_pages import faults
from tests.permits.answers import COMPLETE
from tests.service import Service

APPLICANT = "hakija@metsala.example"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def applicant(request: pytest.FixtureRequest, browser: Browser, service: Service) -> Iterator[Page]:
    context = browser.new_context(
        bypass_csp=bool(request.param),
        locale="fi-FI",
        base_url=service.address,
        reduced_motion="reduce",
        java_script_enabled=bool(request.param),
    )
    page = context.new_page()
    sign_in(page, service, APPLICANT)
    yield page
    context.close()


def begin(page: Page) -> str:
    """Begin an application; returns its address."""
    page.goto("/applications/new/")
    page.locator("main .actions button").first.click()
    page.wait_for_url("**/form/")
    return page.url.removesuffix("form/")


def write(page: Page, question: form_spec.Question, answer: Any) -> None:
    if question.kind in {"one", "several"}:
        for value in answer if isinstance(answer, list) else [answer]:
            page.check(f"[name={question.name}][value='{value}']")
    else:
        page.fill(f"[name={question.name}]", str(answer))


def fill_in(page: Page, address: str) -> None:
    """Write every section and go on from page to page."""
    page.goto(f"{address}form/{form_spec.SECTIONS[0].name}/")
    for section in form_spec.SECTIONS:
        for question in section.questions:
            if question.name in COMPLETE:
                write(page, question, COMPLETE[question.name])
        picture(page, f"application-{section.name}")
        page.get_by_role("button", name="Tallenna ja jatka", exact=True).last.click()
    page.wait_for_url("**/attachments/")


def attach(page: Page) -> None:
    page.fill("[name=description]", "Käsittelysopimus")
    page.set_input_files("[type=file]", {"name": "sopimus.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Lisää tiedosto").click()
    expect(page.locator(".files a")).to_have_text("sopimus.pdf", timeout=20_000)
    picture(page, "application-attachments")


def submit(page: Page, address: str) -> None:
    page.goto(f"{address}check/")
    picture(page, "application-check")
    page.get_by_role("link", name="Siirry lähettämiseen").click()
    page.get_by_role("button", name="Lähetä hakemus").click()  # the commitment not made: told so
    expect(page.locator(".error-summary")).to_be_visible()
    page.check("[name=committed]")
    picture(page, "application-submit")
    page.get_by_role("button", name="Lähetä hakemus").click()
    page.wait_for_url("**/receipt/")


def test_an_application_is_filled_in_and_submitted(applicant: Page) -> None:
    address = begin(applicant)
    picture(applicant, "application-form")
    fill_in(applicant, address)
    attach(applicant)
    submit(applicant, address)
    expect(applicant.locator("h1")).to_have_text("Hakemus on lähetetty")
    picture(applicant, "application-receipt")
    applicant.goto(address)
    expect(applicant.locator(".steps")).to_contain_text("Odottaa virkailijaa")
    picture(applicant, "application-status")


@pytest.mark.parametrize("applicant", [True], indirect=True, ids=["script"])
def test_what_is_typed_is_saved_by_itself_and_is_there_again(applicant: Page) -> None:
    address = begin(applicant)
    applicant.goto(f"{address}form/register/")
    applicant.fill("[name=purpose]", "Kirjeet perille")
    expect(applicant.locator("[data-saved]")).to_contain_text("Tallennettu klo", timeout=10_000)
    applicant.reload()
    expect(applicant.locator("[name=purpose]")).to_have_value("Kirjeet perille")


@pytest.mark.parametrize("applicant", [True], indirect=True, ids=["script"])
def test_what_is_typed_is_saved_also_when_one_leaves_at_once(applicant: Page) -> None:
    address = begin(applicant)
    applicant.goto(f"{address}form/register/")
    applicant.fill("[name=purpose]", "Lähden heti")
    applicant.goto("/applications/")

    def is_there() -> bool:
        applicant.goto(f"{address}form/register/")
        return applicant.input_value("[name=purpose]") == "Lähden heti"

    wait_until("what was typed", is_there, 10)


@pytest.mark.parametrize("applicant", [True], indirect=True, ids=["script"])
def test_the_browser_asks_before_another_language_loses_what_is_typed(applicant: Page) -> None:
    address = begin(applicant)
    applicant.goto(f"{address}attachments/")
    applicant.fill("[name=description]", "Käsittelysopimus")
    swedish = applicant.get_by_role("button", name="Svenska")
    with applicant.expect_event("dialog") as asked:
        applicant.once("dialog", lambda dialog: dialog.dismiss())
        swedish.click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    expect(applicant.locator("[name=description]")).to_have_value("Käsittelysopimus")
    applicant.once("dialog", lambda dialog: dialog.accept())
    swedish.click()
    expect(applicant.locator("html")).to_have_attribute("lang", "sv")


@pytest.mark.parametrize("applicant", [True], indirect=True, ids=["script"])
def test_nothing_is_asked_where_what_was_typed_is_saved(applicant: Page) -> None:
    address = begin(applicant)
    applicant.goto(f"{address}form/register/")
    applicant.fill("[name=purpose]", "Kirjeet perille")
    expect(applicant.locator("[data-saved]")).to_contain_text("Tallennettu klo", timeout=10_000)
    asked = []
    applicant.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    applicant.get_by_role("button", name="Svenska").click()
    expect(applicant.locator("html")).to_have_attribute("lang", "sv")
    assert (asked, applicant.input_value("[name=purpose]")) == ([], "Kirjeet perille")


@pytest.mark.parametrize("applicant", [True], indirect=True, ids=["script"])
def test_only_what_is_asked_is_shown(applicant: Page) -> None:
    address = begin(applicant)
    applicant.goto(f"{address}form/repeat/")
    expect(applicant.locator("[name=how_often_other]")).to_be_hidden()
    applicant.check("[name=frequency][value=repeated]")
    applicant.check("[name=how_often][value=other]")
    expect(applicant.locator("[name=how_often_other]")).to_be_visible()
    applicant.check("[name=frequency][value=once]")
    expect(applicant.locator("[name=how_often_other]")).to_be_hidden()


@pytest.mark.parametrize("applicant", [True], indirect=True, ids=["script"])
def test_axe_finds_nothing_on_the_pages_of_an_application(applicant: Page) -> None:
    address = begin(applicant)
    sections = [f"{address}form/{section.name}/?check=1" for section in form_spec.SECTIONS]
    steps = [f"{address}{step}/" for step in ("form", "attachments", "check", "submit", "withdraw", "share")]
    others = [
        "/applications/",
        "/applications/new/",
        "/applications/blank-form/",
        address,
        f"{address}print/",
    ]
    assert faults(applicant, [*sections, *steps, *others]) == {}
