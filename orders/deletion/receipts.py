"""The files of an order and their deletion: what goes when, by which rule, and the receipt of what went."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from orders import policies, retention
from orders.models import Order, OrderFile
from orders.words import day


@dataclass(frozen=True)
class Receipt:
    """A file of the order: when it came to be, and when and by which rule it was or will be deleted."""

    name: Any
    created_at: datetime
    purged_at: datetime | None
    goes_on: date | None
    purge_text: str
    rule: retention.Rule
    size: int
    sha256: str
    given_name: str = ""


def of_order(order: Order) -> list[Receipt]:
    """Every file that the order has had, oldest first, but for those of kinds that are not shown."""
    shown = [str(kind) for kind, kept in retention.OF_KIND.items() if kept.shown]
    today = policies.today()
    files = order.files.filter(kind__in=shown).select_related("material").order_by("created_at")
    is_held = order.open_hold is not None
    return [_receipt(file, order, today, is_held) for file in files]


def _receipt(file: OrderFile, order: Order, today: date, is_held: bool) -> Receipt:
    kept = retention.OF_KIND[file.kind]
    if file.purged_at is not None:
        rule, goes_on, text = retention.RULES.get(file.purge_rule, kept.rule), None, ""
    else:
        plan = retention.planned(file, order, today)
        rule, goes_on = plan.rule, plan.day
        text = _("not while the legal hold lasts") if is_held else _planned_text(plan, today)
    given = "" if file.purged_at else _given_name(file)
    return Receipt(
        kept.label, file.created_at, file.purged_at, goes_on, text, rule, file.size, file.sha256, given
    )


def _given_name(file: OrderFile) -> str:
    """What the customer calls the register that is kept; of a deleted one the receipt alone is left."""
    return file.material.given_name if hasattr(file, "material") else ""


def _planned_text(plan: retention.Planned, today: date) -> str:
    if plan.day is None:
        return plan.rule.in_words
    if plan.day <= today:
        return _("in a moment")
    return _("on %(day)s") % {"day": day(plan.day)}


COLUMNS = (
    "order",
    "file",
    "size_bytes",
    "sha256",
    "stored_at",
    "deleted_at",
    "rule",
    "rule_in_words",
    "reason",
)


def as_csv(order: Order, receipts: list[Receipt]) -> str:
    """The receipts for the customer's own records: CSV with a header, times in UTC."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for receipt in receipts:
        deleted = receipt.purged_at.isoformat() if receipt.purged_at else ""
        writer.writerow(
            [
                order.number, receipt.name, receipt.size, receipt.sha256, receipt.created_at.isoformat(),
                deleted, receipt.rule.name, receipt.rule.in_words, receipt.rule.reason,
            ]
        )  # fmt: skip
    return target.getvalue()
