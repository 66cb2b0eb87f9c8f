"""What administrators do with price lists: add a future one, or take it back while no order uses it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import policies
from orders.models import Order, PriceList
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import User


def check_can_add(valid_from: date) -> None:
    """A list comes into force in the future, on a day of its own: what was priced stays as it was."""
    if valid_from <= policies.today():
        raise Denied(_("A price list can come into force tomorrow at the earliest."))
    if PriceList.objects.filter(valid_from=valid_from).exists():
        raise Denied(_("There is a price list from that day already."))


def check_can_withdraw(prices: PriceList) -> None:
    if prices.valid_from <= policies.today():
        raise Denied(_("The price list has come into force. Add a new one to follow it."))
    if Order.objects.filter(price_list=prices).exists():
        raise Denied(_("Orders were priced by this list, so it stays as it is."))


@transaction.atomic
def add(
    *, by: User, valid_from: date, base_cents: int, per_thousand_cents: int, free_kinds: Sequence[str]
) -> PriceList:
    """Add a price list that comes into force on a day to come."""
    check_can_add(valid_from)
    content: dict[str, Any] = {
        "base_cents": base_cents,
        "per_thousand_cents": per_thousand_cents,
        "free_kinds": sorted(free_kinds),
    }
    prices, made = PriceList.objects.get_or_create(
        valid_from=valid_from, defaults={**content, "added_at": timezone.now(), "added_by": by}
    )
    if not made:  # by somebody else, this instant
        raise Denied(_("There is a price list from that day already."))
    record(Event.PRICE_LIST_ADDED, by=by, about=prices, valid_from=valid_from, **content)
    return prices


@transaction.atomic
def withdraw(prices: PriceList, *, by: User) -> None:
    """Take back a list that is not in force yet."""
    check_can_withdraw(prices)
    record(Event.PRICE_LIST_WITHDRAWN, by=by, about=prices, valid_from=prices.valid_from)
    try:
        prices.delete()
    except ProtectedError:
        raise Denied(_("Orders were priced by this list, so it stays as it is.")) from None
