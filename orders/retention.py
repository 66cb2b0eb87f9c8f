"""How long each kind of file is kept and why, as one table that everything reads which tells or does it.

The purge (`orders.deletion.purge`) acts by it; the customer's and the officials' pages and
docs/operations.md show it.
A kind of file without a rule fails a test.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext

from orders import states
from orders.models import Order, OrderFile
from portal.calendar import local_day


@dataclass(frozen=True)
class Rule:
    """When files go, and by what law. `setting` names the number of days; `at_once` is said for none."""

    name: str
    when: Any
    reason: Any
    setting: str = ""
    at_once: Any = ""

    @property
    def days(self) -> int | None:
        return getattr(settings, self.setting) if self.setting else None

    @property
    def in_words(self) -> str:
        """When, with the number of days that is set."""
        if self.days is None:
            return str(self.when)
        if self.days == 0 and self.at_once:
            return str(self.at_once)
        days = npgettext("after how long", "%(days)s day", "%(days)s days", self.days) % {"days": self.days}
        return str(self.when) % {"days": days}


MINIMAL = _(
    "Personal data are kept no longer than their purpose needs: the update has been made"
    " (GDPR, article 5(1)(e))."
)
AFTER_DELIVERY = Rule(
    "after_delivery",
    _("%(days)s after the delivery"),
    MINIMAL,
    "UPLOAD_DAYS_AFTER_DELIVERY",
    _("at once after the delivery"),
)
MATCH_DONE = Rule(
    "match_done",
    _("as soon as the register has been matched"),
    _("A working file has no purpose of its own (GDPR, article 5(1)(c) and (e))."),
)
DELIVERED = Rule(
    "delivered",
    _("as soon as the delivery has been made"),
    _("A working file has no purpose of its own (GDPR, article 5(1)(c) and (e))."),
)
CLEARED = Rule(
    "cleared",
    _("as soon as the doubtful rows have been decided"),
    _("A working file has no purpose of its own (GDPR, article 5(1)(c) and (e))."),
)
DELIVERY_OVER = Rule(
    "delivery_over",
    _("when the delivery can no longer be downloaded, %(days)s after it was made"),
    _("The customer has had time to fetch the data; no second copy is kept of them (GDPR, article 5(1)(e))."),
    "DELIVERY_DAYS",
)
ORDER_ENDED = Rule(
    "order_ended",
    _("at once, when the order is cancelled or rejected"),
    _("The purpose for which the data were sent is no more (GDPR, article 17(1)(a))."),
)
DRAFT_ABANDONED = Rule(
    "draft_abandoned",
    _("when a draft has been left alone for %(days)s"),
    _("Data that nobody goes on with are not kept in store (GDPR, article 5(1)(e))."),
    "DRAFT_DAYS",
)
REPLACED = Rule(
    "replaced",
    _("at once, when another file is sent"),
    _("Only the data that are used are kept (GDPR, article 5(1)(c))."),
)
SUPERSEDED = Rule(
    "superseded",
    _("at once, when the delivery is made anew"),
    _("Only the delivery that holds is kept (GDPR, article 5(1)(c) and (d))."),
)
UNSAFE = Rule(
    "unsafe",
    _("at once, when a virus is found or the file cannot be scanned"),
    _("The service must be kept secure (act 906/2019, 13 §; GDPR, article 32)."),
)
RULES = {
    rule.name: rule
    for rule in (
        AFTER_DELIVERY, MATCH_DONE, DELIVERED, CLEARED, DELIVERY_OVER,
        ORDER_ENDED, DRAFT_ABANDONED, REPLACED, SUPERSEDED, UNSAFE,
    )
}  # fmt: skip
ANY_KIND = (ORDER_ENDED, DRAFT_ABANDONED)
"""Rules by which a file of whatever kind goes earlier than by its own."""


@dataclass(frozen=True)
class Kept:
    """A kind of file: its name for people, its own rule, where it lies and for whose key it is written.

    `shown`: listed file by file to the customer, who has use for it. The pieces of a large order are not:
    they live for minutes. Nor is what the match makes, of the register or of its doubtful rows, ever: number,
    time and size of such files would tell how many rows were found, how many candidates a row has, whether
    one of them is protected, and what became of it.
    """

    label: Any
    rule: Rule
    folder: str
    key: Literal["uploads", "deliveries"] = "uploads"
    shown: bool = True


def _delivery(label: Any) -> Kept:
    return Kept(label, DELIVERY_OVER, "deliveries", "deliveries")


OF_KIND: dict[str, Kept] = {
    OrderFile.Kind.MATERIAL: Kept(_("Register that was sent"), AFTER_DELIVERY, "materials"),
    OrderFile.Kind.PIECE: Kept(_("Piece of a large register"), MATCH_DONE, "pieces", shown=False),
    OrderFile.Kind.PIECE_LINKS: Kept(_("Working file of a piece's match"), MATCH_DONE, "links", shown=False),
    OrderFile.Kind.PIECE_CANDIDATES: Kept(
        _("Candidates for doubtful rows of a piece"), MATCH_DONE, "candidates", shown=False
    ),
    OrderFile.Kind.LINKS: Kept(_("Working file of the match"), AFTER_DELIVERY, "links", shown=False),
    OrderFile.Kind.CANDIDATES: Kept(_("Candidates for doubtful rows"), DELIVERED, "candidates", shown=False),
    OrderFile.Kind.SAMPLE: Kept(_("First rows, for the mapping"), AFTER_DELIVERY, "checks", "deliveries"),
    OrderFile.Kind.CHECK_REPORT: Kept(_("Findings of the check"), AFTER_DELIVERY, "checks", "deliveries"),
    OrderFile.Kind.CLEARING_SHEET: Kept(
        _("Doubtful rows, for the officials who decide them"),
        CLEARED,
        "sheets",
        "deliveries",
        shown=False,
    ),
    OrderFile.Kind.OWN_SHEET: Kept(
        _("Doubtful rows, for the customer to complete"), CLEARED, "own_sheets", "deliveries", shown=False
    ),
    OrderFile.Kind.COMPLETION: Kept(_("Completed cells of doubtful rows"), AFTER_DELIVERY, "completions"),
    OrderFile.Kind.COMPLETION_SHEET: Kept(
        _("Completed cells, for the officials who decide"),
        CLEARED,
        "completion_sheets",
        "deliveries",
        shown=False,
    ),
    OrderFile.Kind.DELIVERY_CSV: _delivery(_("Delivery as CSV")),
    OrderFile.Kind.DELIVERY_XLSX: _delivery(_("Delivery as an Excel workbook")),
    OrderFile.Kind.DELIVERY_PARQUET: _delivery(_("Delivery as Parquet")),
    OrderFile.Kind.DELIVERY_FIXED: _delivery(_("Delivery as fixed-width text")),
    OrderFile.Kind.DELIVERY_LAYOUT: _delivery(_("Layout of the fixed-width text")),
    OrderFile.Kind.DELIVERY_CHANGES: _delivery(_("Change list")),
    OrderFile.Kind.RESULT_REPORT: _delivery(_("Result report (PDF)")),
}


def kinds_by(*rules: Rule) -> list[str]:
    """The kinds whose own rule is one of these."""
    return [str(kind) for kind, kept in OF_KIND.items() if kept.rule in rules]


def kinds_for(key: str) -> list[str]:
    """The kinds that are written for uploads' or deliveries' key."""
    return [str(kind) for kind, kept in OF_KIND.items() if kept.key == key]


def folders_for(key: str) -> tuple[str, ...]:
    """Where files lie that are written for the key."""
    return tuple(sorted({kept.folder for kept in OF_KIND.values() if kept.key == key}))


# When a file of an order goes


@dataclass(frozen=True)
class Planned:
    """By which rule a file will go, and on which day; None where what begins the time has not come yet."""

    rule: Rule
    day: date | None


def planned(file: OrderFile, order: Order, today: date) -> Planned:
    """When a file that is still there will go."""
    if file.purge_rule:  # it waits for the end of a legal hold
        return Planned(RULES[file.purge_rule], None)
    if order.status in {states.CANCELLED, states.REJECTED}:
        return Planned(ORDER_ENDED, today)
    rule = OF_KIND[file.kind].rule
    if rule is DELIVERY_OVER:
        last = file.deliveries.aggregate(last=Max("expires_on"))["last"]
        return Planned(rule, last + timedelta(days=1) if last else None)
    if order.status == states.DRAFT:
        return Planned(DRAFT_ABANDONED, _draft_ends(order))
    if order.delivered_at is not None:
        days = AFTER_DELIVERY.days if rule is AFTER_DELIVERY else 0
        return Planned(rule, max(local_day(order.delivered_at) + timedelta(days=days or 0), today))
    return Planned(rule, None)


def _draft_ends(order: Order) -> date:
    """The day on which a draft that is left alone is cancelled."""
    sent = order.materials.aggregate(last=Max("received_at"))["last"]
    touched = max(filter(None, [order.created_at, sent]))
    return local_day(touched) + timedelta(days=(DRAFT_ABANDONED.days or 0) + 1)
