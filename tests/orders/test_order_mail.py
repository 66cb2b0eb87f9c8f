"""The notices by e-mail: in the reader's language, with a link and without data."""

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from orders import emails
from tests import factories


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_delivery_is_told_with_its_link_and_last_day(cast, store, language: str) -> None:
    cast.secretary.language = language
    cast.secretary.save()
    order = factories.delivered_order(cast.secretary, cast.official)
    (message,) = mail.outbox
    assert message.to == [cast.secretary.email]
    assert order.number in message.subject
    assert settings.SITE_URL + reverse("orders:detail", args=[order.pk]) in message.body
    assert str(order.delivery.expires_on.year) in message.body


@pytest.mark.parametrize("notice", [emails.rejected, emails.purged])
def test_each_notice_has_a_subject_and_no_personal_data(cast, notice) -> None:
    order = factories.placed_order_without_material(cast.secretary, "placed")
    notice(order)
    factories.run_jobs()
    (message,) = mail.outbox
    assert order.number in message.subject
    assert "\n" not in message.subject
    assert order.contact_name not in message.subject + message.body
    assert order.register_name not in message.body


def test_who_has_left_the_organisation_is_told_nothing_and_its_other_applicants_are(cast, store) -> None:
    order = factories.ready_order(cast.secretary)
    cast.secretary.memberships.all().delete()
    factories.release(order, cast.official)
    assert [message.to for message in mail.outbox] == [[cast.colleague.email]]
