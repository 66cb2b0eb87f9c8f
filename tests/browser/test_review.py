"""The review in Chromium: two officials and an applicant, from the queue to the decision."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import picture, sign_in
from tests.browser.test_order_pages import faults
from tests.service import Service

APPLICANT, PREPARER, DECIDER = (
    "sihteeri@kuusikko.example",
    "virkailija@rekisteri.example",
    "tarkastaja@rekisteri.example",
)
As = Callable[[str], Page]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, service: Service) -> Iterator[As]:
    """The page of each person, signed in once."""
    pages: dict[str, Page] = {}

    def page_of(email: str) -> Page:
        if email not in pages:
            context = browser.new_context(
                bypass_csp=True, locale="fi-FI", base_url=service.address, reduced_motion="reduce"
            )
            pages[email] = context.new_page()
            sign_in(pages[email], service, email)
            expect(pages[email].locator(".account form")).to_be_visible()
        return pages[email]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture
def case(service: Service) -> str:
    """The id of an application that has just been submitted."""
    return service.run("-m", "tests.processes.act", "apply")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def take(page: Page, case: str) -> None:
    page.goto("/staff/applications/?show=unassigned")
    picture(page, "review-queue")
    page.locator(f"main a[href*='{case}']").click()
    press(page, "Ota käsittelyyn")
    expect(page.locator(".messages")).to_contain_text("Käsittelijä on tallennettu")


def ask(page: Page, case: str) -> None:
    page.goto(f"/staff/applications/{case}/ask/")
    page.fill("[name=text]", "Kuvatkaa lokien säilytys tarkemmin.")
    page.check("[name=sections][value=protection]")
    picture(page, "review-ask")
    press(page, "Lähetä pyyntö")
    expect(page.locator(".due-words")).to_contain_text("pysähdyksissä")


def answer(page: Page, case: str) -> None:
    page.goto(f"/applications/{case}/")
    expect(page.locator("main")).to_contain_text("Kuvatkaa lokien säilytys tarkemmin.")
    page.goto(f"/applications/{case}/form/protection/")
    page.fill("[name=logs]", "Lokit säilytetään kymmenen vuotta.")
    press(page, "Tallenna ja jatka")
    page.goto(f"/applications/{case}/submit/")
    page.fill("[name=committed_by]", "Reetta Rehtori")
    page.check("[name=committed]")
    page.locator("main .actions button").first.click()
    page.wait_for_url("**/receipt/")


def propose(page: Page, case: str, outcome: str, leave_out: str = "") -> None:
    page.goto(f"/staff/applications/{case}/propose/")
    page.check(f"[name=outcome][value={outcome}]")
    if leave_out:
        page.uncheck(f"[name=scope_person][value={leave_out}]")
    page.fill("[name=reasons]", "Tarve on osoitettu vain osaksi.")
    picture(page, f"review-propose-{outcome}")
    press(page, "Esikatsele")
    expect(page.locator("details")).to_contain_text("hallinto-oikeu")
    picture(page, f"review-preview-{outcome}")
    press(page, "Tee esitys")
    expect(page.locator(".messages")).to_contain_text("Esitys on tehty")


def decide(page: Page, case: str) -> None:
    page.goto(f"/staff/applications/{case}/decide/")
    picture(page, "review-decide")
    press(page, "Päätä esityksen mukaan")
    expect(page.locator(".messages")).to_contain_text("Hakemus on ratkaistu")


def test_a_case_is_asked_about_answered_and_granted_in_part(signed_in: As, case: str) -> None:
    preparer, decider, applicant = (signed_in(one) for one in (PREPARER, DECIDER, APPLICANT))
    take(preparer, case)
    ask(preparer, case)
    answer(applicant, case)
    preparer.goto(f"/staff/applications/{case}/")
    expect(preparer.locator(".changes ins")).to_have_text("Lokit säilytetään kymmenen vuotta.")
    expect(preparer.locator(".changes del")).to_have_text("Lokit säilytetään viisi vuotta.")
    picture(preparer, "review-case")
    propose(preparer, case, "approve", leave_out="mother_tongue")
    expect(preparer.locator("main [aria-disabled=true]")).to_have_text("Ratkaise")
    decide(decider, case)
    expect(decider.locator("main")).to_contain_text("Ei myönnetä: Henkilöt")
    picture(decider, "review-decided")
    applicant.goto(f"/applications/{case}/")
    expect(applicant.locator("main")).to_contain_text("Tarve on osoitettu vain osaksi.")


def test_a_case_is_rejected_with_its_reasons(signed_in: As, case: str) -> None:
    preparer, decider, applicant = (signed_in(one) for one in (PREPARER, DECIDER, APPLICANT))
    take(preparer, case)
    propose(preparer, case, "reject")
    decide(decider, case)
    applicant.goto(f"/applications/{case}/")
    expect(applicant.locator("main")).to_contain_text("Tarve on osoitettu vain osaksi.")


def test_what_was_typed_stays_where_another_official_was_first(signed_in: As, case: str) -> None:
    preparer, decider = signed_in(PREPARER), signed_in(DECIDER)
    take(preparer, case)
    preparer.goto(f"/staff/applications/{case}/ask/")
    preparer.fill("[name=text]", "Pitkä kysymys")
    decider.goto(f"/staff/applications/{case}/")
    press(decider, "Ota itselle")
    expect(decider.locator(".messages")).to_contain_text("Käsittelijä on tallennettu")
    press(preparer, "Lähetä pyyntö")
    expect(preparer.get_by_role("alert")).to_contain_text("on muuttunut")
    expect(preparer.locator("[name=text]")).to_have_value("Pitkä kysymys")
    picture(preparer, "review-overtaken")
    press(preparer, "Lähetä pyyntö")
    expect(preparer.locator(".due-words")).to_contain_text("pysähdyksissä")


def test_axe_finds_nothing_on_the_pages_of_a_review(signed_in: As, case: str) -> None:
    preparer = signed_in(PREPARER)
    take(preparer, case)
    root = f"/staff/applications/{case}/"
    pages = [
        "",
        "ask/",
        "checklist/",
        "statements/",
        "propose/",
        "take/",
        "note/",
        "submissions/1/",
        "decide/",
    ]
    addresses = ["/staff/applications/", "/staff/applications/paper/", *(f"{root}{one}" for one in pages)]
    assert faults(preparer, addresses) == {}
    preparer.set_viewport_size({"width": 390, "height": 800})
    for name, address in (
        ("queue", "/staff/applications/"),
        ("case", root),
        ("checklist", f"{root}checklist/"),
    ):
        preparer.goto(address)
        picture(preparer, f"review-{name}-narrow")
