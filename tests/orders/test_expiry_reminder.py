"""A delivery that nobody has fetched: its customer is reminded before it expires, once each time."""

from datetime import timedelta

import pytest
from django.core import mail

from orders import policies, tasks
from orders.models import Delivery, DeliveryReminder, DownloadReceipt, Order
from tests import factories
from tests.orders.deliveries import newest, page_of


@pytest.fixture
def order(cast, store) -> Order:
    made = factories.delivered_order(cast.secretary, cast.official)
    mail.outbox.clear()
    return made


def days_before_expiry(days: int) -> int:
    """Run the clock's job so many days before the delivery expires; returns how many mails went."""
    Delivery.objects.update(expires_on=policies.today() + timedelta(days=days))
    before = len(mail.outbox)
    tasks.remind_of_expiry()
    factories.run_jobs()
    return len(mail.outbox) - before


def test_it_reminds_a_week_and_a_day_before_once_each(order) -> None:
    sent = [days_before_expiry(days) for days in (8, 7, 7, 6, 2, 1, 1, 0)]
    assert sent == [0, 1, 0, 0, 0, 1, 0, 0]
    assert sorted(DeliveryReminder.objects.values_list("days_before", flat=True)) == [1, 7]


def test_the_mail_names_the_order_and_the_day_and_holds_no_data(order, cast) -> None:
    days_before_expiry(7)
    (message,) = mail.outbox
    assert message.to == [cast.secretary.email]
    assert order.number in message.subject
    assert f"/orders/{order.pk}/" in message.body
    assert not any(word in message.body for word in ("Esimerkki", "010594", "Uusikatu"))


def test_a_day_that_was_missed_is_not_made_up_for(order) -> None:
    assert days_before_expiry(1) == 1
    assert list(DeliveryReminder.objects.values_list("days_before", flat=True)) == [1]


def test_who_has_fetched_it_is_not_reminded(order, cast, sign_in) -> None:
    sign_in(cast.colleague).get(page_of(order)).getvalue()
    assert days_before_expiry(7) == 0


@pytest.mark.parametrize("form", ["csv", "report"])
def test_a_download_that_broke_off_or_the_report_alone_is_no_fetching(
    order, cast, sign_in, form: str
) -> None:
    sign_in(cast.colleague).get(page_of(order, form)).getvalue()
    DownloadReceipt.objects.filter(file__kind="csv").update(sent=5)
    assert days_before_expiry(7) == 1


def get(client, order: Order, asked: str) -> None:  # type: ignore[no-untyped-def]
    client.get(page_of(order), headers={"range": asked}).getvalue()


def test_its_last_bytes_alone_are_no_fetching(order, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    get(client, order, "bytes=-1")
    get(client, order, "bytes=50-")
    get(client, order, "bytes=0-48")
    assert days_before_expiry(7) == 1


def test_parts_that_cover_it_together_are_a_fetching(order, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    get(client, order, "bytes=40-")
    get(client, order, "bytes=0-49")
    assert days_before_expiry(7) == 0


def test_a_purged_or_expired_delivery_is_left_in_peace(order) -> None:
    assert days_before_expiry(-1) == 0
    Delivery.objects.filter(pk=newest(order).pk).update(purged_at=order.delivered_at)
    assert days_before_expiry(1) == 0


def test_the_days_are_a_setting(order, settings) -> None:
    settings.DELIVERY_REMINDER_DAYS = [3]
    assert [days_before_expiry(days) for days in (7, 3, 1)] == [0, 1, 0]
