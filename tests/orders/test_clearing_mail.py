"""Officials are told that doubtful rows wait: once a day, who can give an opinion, without personal data."""

import pytest
from django.core import mail
from django.utils import translation

from orders import policies, tasks
from orders.models import Order
from portal.models import Membership
from portal.roles import Role
from portal.templatetags.components import day
from tests import factories
from tests.orders.doubtful import clearing_order, decide, namesakes


@pytest.fixture
def order(cast, own_store, settings) -> Order:  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 1
    namesakes(own_store)
    return clearing_order(cast.secretary)


def told() -> list[list[str]]:
    """Run the clock's job; to whom mails went."""
    mail.outbox.clear()
    tasks.tell_of_doubtful_rows()
    factories.run_jobs()
    return [message.to for message in mail.outbox]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_official_is_told_how_many_orders_wait_and_nothing_of_them(cast, order, language: str) -> None:
    cast.official.language = language
    cast.official.save()
    assert told() == [[cast.official.email]]
    (message,) = mail.outbox
    assert "/staff/clearing/" in message.body
    with translation.override(language):
        assert day(order.clearing_last_day) in message.body
    for text in (order.number, order.organisation.name, order.register_name, "Malli"):
        assert text not in message.subject + message.body


def test_a_day_brings_one_mail_at_most(cast, order, monkeypatch) -> None:
    tomorrow = policies.today().replace(year=policies.today().year + 1)
    assert (told(), told()) == ([[cast.official.email]], [])
    monkeypatch.setattr(policies, "today", lambda: tomorrow)
    assert told() == [[cast.official.email]]


def test_who_can_give_no_opinion_is_not_told(cast, order) -> None:
    colleague = factories.user("Taru Tarkastaja", cast.registry, Role.OFFICIAL)
    Membership.objects.create(user=colleague, organisation=order.organisation, role=Role.APPLICANT)
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    assert told() == []


def test_nobody_is_told_once_the_clearing_has_ended(cast, order) -> None:
    tasks.tell_of_doubtful_rows()
    Order.objects.filter(pk=order.pk).update(status="ready")
    factories.run_jobs()
    assert mail.outbox == []
