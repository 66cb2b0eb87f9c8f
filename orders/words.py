"""Days, windows, prices and fields in words, in the reader's language."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.models import Order, PriceList
from permits import field_texts
from portal.calendar import Window
from portal.models import Organisation
from portal.templatetags.components import euros as amount


def day(value: date) -> str:
    """A day in words: 3. joulukuuta 2026."""
    formats = {"en": "j F Y", "sv": "j F Y"}
    return date_format(value, formats.get((get_language() or "fi")[:2], r"j. F\t\a Y"))


def window_words(window: Window) -> str:
    """Between 3 and 14 December 2026: month and year of the first day only where they are others."""
    opens, closes = window.opens, window.closes
    if settings.DELIVERY_RELEASE == "when_ready":
        return _("as soon as it is ready, on %(closes)s at the latest") % {"closes": day(closes)}
    if opens.year != closes.year:
        return _("between %(opens)s and %(closes)s") % {"opens": day(opens), "closes": day(closes)}
    if opens.month != closes.month:
        first = day(opens).removesuffix(f" {opens.year}")
        return _("between %(opens)s and %(closes)s") % {"opens": first, "closes": day(closes)}
    return _("between %(first)s and %(closes)s") % {"first": opens.day, "closes": day(closes)}


def days_left_words(order: Order) -> str:
    """How long an open order has until its delivery is late; empty where no deadline runs."""
    left = order.days_left
    if left is None:
        return ""
    if left == 0:
        return _("the last day is today")
    if left < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -left) % {"days": -left}
    return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}


def euros(cents: int) -> str:
    """An amount, on which no value-added tax is paid (a public-law fee), or that it is free of charge."""
    if cents == 0:
        return _("free of charge")
    return _("%(amount)s (no VAT)") % {"amount": amount(cents)}


def price_words(organisation: Organisation, cents: int) -> str:
    """The price, and where it is nothing, why."""
    if cents:
        return euros(cents)
    return _("Free of charge: %(kind)s") % {"kind": organisation.get_kind_display()}


def field_labels(names: Sequence[str], subject: str = "person") -> str:
    """The fields' names in the catalogue's order, by commas, as a sentence begins."""
    groups = field_texts.grouped(list(names), subject)
    labels = [str(text.label) for _group, fields in groups for _name, text in fields]
    return ", ".join(labels[:1] + [label[:1].lower() + label[1:] for label in labels[1:]])


def price_basis(organisation: Organisation, prices: PriceList) -> str:
    """What an organisation pays, before the rows of its register are known."""
    if organisation.kind in prices.free_kinds:
        return price_words(organisation, 0)
    return _("%(base)s for an order and %(thousand)s for each started thousand rows (no VAT)") % {
        "base": amount(prices.base_cents),
        "thousand": amount(prices.per_thousand_cents),
    }
