"""A legal hold in Chromium: placed by an administrator, seen by the customer, lifted; the purge goes on."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.processes import wait_until
from tests.browser.clearing import pictures
from tests.browser.test_journey import go_on, picture
from tests.browser.test_order_pages import faults
from tests.service import Service

LONG_AGO = (
    "UPDATE orders_order SET delivered_at = delivered_at - interval '20 days' WHERE id = %s RETURNING 1"
)
OPEN_PURGES = "SELECT 1 FROM portal_job WHERE task = 'orders.purge_file' AND done_at IS NULL"


def purge(service: Service) -> None:
    """Let the clock look for what is due, and the worker do it."""
    service.run("manage.py", "shell", "-v0", "-c", "from orders.deletion import purge; purge.queue_due()")
    wait_until("the purges", lambda: not service.ask(OPEN_PURGES), 60)


def gone(service: Service, order: str) -> int:
    return len(
        service.ask("SELECT 1 FROM orders_orderfile WHERE order_id = %s AND purged_at IS NOT NULL", order)
    )


def test_a_held_order_keeps_its_files_until_the_hold_is_lifted(
    person: Callable[[str], Page], service: Service, delivered: str
) -> None:
    admin, address = person("paakayttaja@rekisteri.example"), f"/orders/{delivered}/"
    admin.goto(address)
    admin.locator(f"a[href='/staff/orders/{delivered}/hold/']").click()
    go_on(admin)  # no reason given: told so
    expect(admin.locator(".error-summary a[href*=reason]")).to_be_visible()
    picture(admin, "hold-place")
    admin.fill("[name=reason]", "Kantelu 12/2026")
    admin.fill("[name=told]", "Kysy lisää kirjaamosta.")
    go_on(admin)
    service.ask(LONG_AGO, delivered)
    purge(service)
    assert gone(service, delivered) == 0
    secretary = person("sihteeri@kuusikko.example")
    secretary.goto(address)
    expect(secretary.locator("main")).to_contain_text("Kysy lisää kirjaamosta.")
    expect(secretary.locator("main")).not_to_contain_text("Kantelu")
    expect(secretary.locator("main .lead")).to_contain_text("Toistaiseksi siitä ei poisteta mitään")
    pictures(secretary, "hold-customer")
    assert faults(secretary, [address, f"{address}deletions/"]) == {}
    pages = ("oversight/", "retention/", "holds/", f"orders/{delivered}/hold/lift/")
    assert faults(admin, [f"/staff/{page}" for page in pages]) == {}
    lift_and_see(admin, secretary, service, delivered)


def lift_and_see(admin: Page, secretary: Page, service: Service, order: str) -> None:
    admin.goto(f"/staff/orders/{order}/hold/lift/")
    go_on(admin)  # no reason given: told so
    expect(admin.locator(".error-summary")).to_be_focused()
    admin.fill("[name=reason]", "Kantelu on ratkaistu")
    go_on(admin)
    purge(service)
    assert gone(service, order) >= 2
    secretary.goto(f"/orders/{order}/deletions/")
    expect(secretary.locator("main")).to_contain_text("kuluttua toimituksesta")
    expect(secretary.locator("main .badge").first).to_have_text("Poistettu")
    picture(secretary, "receipts")
    with secretary.expect_download() as download:
        secretary.locator("a[href$='deletions.csv']").click()
    assert "after_delivery" in download.value.path().read_text(encoding="utf-8-sig")
