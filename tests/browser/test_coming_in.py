"""Coming in, in Chromium against the real service: sign up, confirm, register, be verified."""

import re
from email import message_from_bytes

from playwright.sync_api import Browser, Page, expect

from orders.demo import PASSWORD
from portal.processes import wait_until
from tests.browser.test_journey import go_on, picture, sign_in
from tests.browser.test_order_pages import faults
from tests.factories import business_id
from tests.service import Service

NEWCOMER = "kirjaaja@koivula.example"
FACTS = {
    "name": "Koivulan kunta",
    "business_id": business_id(9_800_000),
    "street": "Kuntatie 1",
    "postal_code": "00100",
    "post_office": "Koivula",
    "signing_official_name": "Jaana Johtaja",
    "signing_official_title": "Kunnanjohtaja",
}


def link_in_mail(service: Service, to: str, path: str) -> str:
    """The address under `path` in the newest message to the address; the worker writes messages to files."""

    def found() -> list[str]:
        files = sorted(service.mail_folder.glob("*.log"), key=lambda one: one.stat().st_mtime)
        messages = [message_from_bytes(one.read_bytes()) for one in files]
        texts = [one.get_payload(decode=True).decode() for one in messages if one["To"] == to]
        return [link for text in texts for link in re.findall(rf"http://[^/\s]+({path}\S+)", text)]

    wait_until("the message", lambda: bool(found()), 30)
    return found()[-1]


def sign_up(page: Page, service: Service) -> None:
    """An account with a confirmed address, signed in."""
    page.goto(f"{service.address}/accounts/signup/")
    go_on(page)  # nothing filled: told so
    expect(page.locator(".error-summary a[href*=name]")).to_be_visible()
    page.fill("[name=name]", "Kirsi Kirjaaja")
    page.fill("[name=email]", NEWCOMER)
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    picture(page, "coming-1-sign-up")
    go_on(page)
    page.goto(service.address + link_in_mail(service, NEWCOMER, "/accounts/confirm-email/"))
    go_on(page)
    page.fill("[name=login]", NEWCOMER)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator(".account form")).to_be_visible()


def register(page: Page, service: Service) -> str:
    """The newcomer registers an organisation; returns its address."""
    page.goto(f"{service.address}/")
    page.locator("main a[href='/organisations/']").click()
    picture(page, "coming-2-no-organisation")
    page.locator("main a[href='/organisations/register/']").click()
    for name, value in FACTS.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=kind][value=municipality]")
    picture(page, "coming-3-register")
    go_on(page)
    expect(page.locator("h1")).to_have_text(FACTS["name"])
    picture(page, "coming-4-waits")
    return page.url.removeprefix(service.address)


def test_a_newcomer_signs_up_and_registers_and_an_official_verifies(
    browser: Browser, service: Service
) -> None:
    options = {"bypass_csp": True, "locale": "fi-FI", "base_url": service.address, "reduced_motion": "reduce"}
    contexts = [browser.new_context(**options) for _ in range(2)]  # type: ignore[arg-type]
    newcomer, official = (context.new_page() for context in contexts)
    sign_up(newcomer, service)
    organisation = register(newcomer, service)
    of_it = [f"{organisation}{step}/" for step in ("edit", "invite", "leave")]
    assert faults(newcomer, ["/organisations/", "/organisations/join/", organisation, *of_it]) == {}

    sign_in(official, service, "tarkastaja@rekisteri.example")
    expect(official.locator(".account form")).to_be_visible()
    assert (
        faults(official, ["/staff/organisations/", f"/staff{organisation}", "/staff/organisations/?show=all"])
        == {}
    )
    official.goto("/staff/organisations/")
    official.get_by_role("link", name=FACTS["name"]).click()
    picture(official, "coming-5-verify")
    official.locator("button[value=verify]").click()
    expect(official.locator("[role=status]").first).to_be_visible()

    newcomer.goto(organisation)
    expect(newcomer.locator(".page-title .badge")).to_have_text("Vahvistettu")
    picture(newcomer, "coming-6-verified")
    for context in contexts:
        context.close()


def test_axe_finds_nothing_on_the_pages_of_who_is_not_signed_in(browser: Browser, service: Service) -> None:
    context = browser.new_context(bypass_csp=True, base_url=service.address, reduced_motion="reduce")
    assert faults(context.new_page(), ["/accounts/signup/", "/invitations/nothing/"]) == {}
    context.close()
