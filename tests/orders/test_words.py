"""Windows, prices and fields in words, in each language."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from orders import states, words
from orders.ordering import presentation
from portal.calendar import Window
from portal.models import OrganisationKind
from tests import factories

ENGLISH = {"accept-language": "en"}


@pytest.mark.parametrize(
    ("language", "closes", "text"),
    [
        ("fi", date(2026, 12, 14), "3.–14. joulukuuta 2026"),
        ("fi", date(2027, 1, 2), "3. joulukuuta 2026 – 2. tammikuuta 2027"),
        ("sv", date(2026, 12, 14), "mellan den 3 och den 14 december 2026"),
        ("en", date(2026, 12, 14), "between 3 and 14 December 2026"),
    ],
)
def test_a_window_is_told_as_the_language_writes_it(language: str, closes: date, text: str) -> None:
    with translation.override(language):
        assert words.window_words(Window(date(2026, 12, 3), closes)) == text


def test_where_an_order_is_released_once_it_is_ready_no_window_is_promised(settings) -> None:
    settings.DELIVERY_RELEASE = "when_ready"
    with translation.override("fi"):
        text = words.window_words(Window(date(2026, 12, 3), date(2026, 12, 14)))
    assert text == "heti valmistuttuaan, viimeistään 14. joulukuuta 2026"


def test_fields_are_listed_as_in_a_sentence() -> None:
    with translation.override("fi"):
        assert words.field_labels(["surname", "hetu"]) == "Henkilötunnus, sukunimi"


def test_a_paying_customer_reads_the_price_before_beginning_and_at_the_check(db, sign_in) -> None:
    payer = factories.user("Reijo Rehtori", factories.organisation("Lampi", OrganisationKind.EDUCATION_OTHER))
    client = sign_in(payer)
    begun = client.get(reverse("orders:new"), headers=ENGLISH).content.decode()
    assert "€175.00 for an order and €24.00 for each started thousand rows (no VAT)" in begun
    order = factories.checked_order(payer)
    checked = client.get(reverse("orders:check", args=[order.pk]), headers=ENGLISH).content.decode()
    assert "€199.00 (no VAT)" in checked


def test_a_checked_draft_waits_for_its_customer(cast) -> None:
    order = factories.checked_order(cast.secretary)
    with translation.override("en"):
        assert str(presentation.steps(order, order.material)[2].text) == "Waits for you."


def test_an_official_is_told_what_to_do_with_a_failed_order(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.FAILED)
    page = sign_in(cast.official).get(reverse("orders:detail", args=[order.pk]), headers=ENGLISH)
    assert "Start it again at the end of this page." in page.content.decode()
