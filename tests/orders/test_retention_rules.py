"""Every kind of file has a rule; what is told of the rules is what is done."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from orders import retention
from orders.deletion import purge, receipts
from orders.models import OrderFile
from portal import shelves
from tests import factories

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_every_kind_of_file_has_a_rule_and_no_rule_is_of_a_kind_that_is_none() -> None:
    assert {str(kind) for kind in retention.OF_KIND} == set(OrderFile.Kind.values)


def test_every_rule_is_followed_by_the_clock_or_acts_at_once() -> None:
    at_once = {retention.REPLACED.name, retention.SUPERSEDED.name, retention.UNSAFE.name}
    assert purge.DUE.keys() | at_once == retention.RULES.keys()
    assert {kept.rule.name for kept in retention.OF_KIND.values()} <= purge.DUE.keys()


def test_every_kind_lies_on_a_shelf_so_that_its_keys_are_changed_and_its_strays_removed() -> None:
    folders = {shelf.title: set(shelf.folders) for shelf in shelves.SHELVES}
    for kept in retention.OF_KIND.values():
        assert kept.folder in folders[kept.key]


def test_operations_md_has_the_rules_as_they_are() -> None:
    with translation.override("en"):
        rules = {
            name: (str(rule.when).replace("%(days)s", "N days"), rule.setting)
            for name, rule in retention.RULES.items()
        }
        kinds = {str(kind): kept.rule.name for kind, kept in retention.OF_KIND.items()}
    rows = [
        [cell.strip(" `") for cell in line.split("|")[1:-1]]
        for line in OPERATIONS.read_text().splitlines()
        if re.match(r"\| `\w+` \|", line)
    ]
    assert {row[0]: (row[1], row[2]) for row in rows if row[0] in rules} == rules
    assert {row[0]: row[1] for row in rows if row[0] in kinds} == kinds


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_rule_tells_its_days_in_words(language: str, settings) -> None:
    settings.DELIVERY_DAYS = 7
    with translation.override(language):
        assert "7 " in retention.DELIVERY_OVER.in_words
        assert "%" not in "".join(rule.in_words for rule in retention.RULES.values())


def test_a_draft_tells_the_day_on_which_it_goes(cast, settings) -> None:
    order = factories.checked_order(cast.secretary)
    found = receipts.of_order(order)
    assert {receipt.rule.name for receipt in found} == {retention.DRAFT_ABANDONED.name}
    last = timezone.localdate() + timedelta(days=settings.DRAFT_DAYS + 1)
    assert {receipt.goes_on for receipt in found} == {last}


def test_a_delivery_tells_the_day_after_its_last_one(cast, store, settings) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    days = {one.rule.name: one.goes_on for one in receipts.of_order(order)}
    assert days["delivery_over"] == order.delivery.expires_on + timedelta(days=1)
    kept = timedelta(days=settings.UPLOAD_DAYS_AFTER_DELIVERY)
    assert days["after_delivery"] == timezone.localdate() + kept


def test_officials_read_the_rules_and_the_months_of_the_register(cast, sign_in) -> None:
    page = sign_in(cast.official).get("/staff/retention/").content.decode()
    rules = [str(rule.in_words)[1:] for rule in retention.RULES.values()]  # but for the first letter
    assert [text for text in rules if text not in page] == []
    assert f"{timezone.now():%-m/%Y}" in page
