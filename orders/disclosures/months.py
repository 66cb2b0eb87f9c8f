"""The months of the disclosure register: each a partition of the table, made ahead and dropped when over.

The database refuses to delete a row of the register. A whole month goes, by an administrator's act, when its
time is over: that is how old rows leave.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from orders import policies
from orders.models import DroppedMonth, LegalHold
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import User

TABLE = "orders_disclosure"
OTHER = f"{TABLE}_other"
"""Holds what falls into no month that is there, so that a delivery is never refused for want of one."""
AHEAD = 3
_PARTITION = re.compile(rf"{TABLE}_(\d{{4}})_(\d{{2}})")


@dataclass(frozen=True)
class Month:
    """A month of the register. `rows` is PostgreSQL's own estimate; `is_over`: it may be dropped."""

    month: date
    rows: int
    is_over: bool


def later(month: date, by: int) -> date:
    """The first day of the month that comes `by` months after; before, where it is negative."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def first_kept(today: date) -> date:
    """The oldest month that must be kept: rows of its last days may be younger than the retention."""
    return later(date(today.year, today.month, 1), -12 * settings.DISCLOSURE_YEARS)


def first_kept_now() -> date:
    return first_kept(policies.today())


def months() -> list[Month]:
    """The months that are there, oldest first."""
    edge = first_kept_now()
    return [Month(month, rows, month < edge) for month, rows in _partitions()]


@transaction.atomic
def make_ahead(today: date) -> int:
    """Make the partitions of this month and the next few, and of what lies outside every month.

    Returns how many were made. It gives way to a long delivery: there are months in hand.
    """
    first = date(today.year, today.month, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        strays = _stray_months()
        there = {month for month, _rows in _partitions()}
        wanted = sorted({later(first, n) for n in range(AHEAD + 1)} | strays)
        missing = [month for month in wanted if month not in there]
        if strays:
            cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {OTHER}")
        for month in missing:
            cursor.execute(_create(month))
        if strays:
            cursor.execute(f"INSERT INTO {TABLE} OVERRIDING SYSTEM VALUE SELECT * FROM {OTHER}")  # noqa: S608
            cursor.execute(f"DROP TABLE {OTHER}")
            cursor.execute(f"CREATE TABLE {OTHER} PARTITION OF {TABLE} DEFAULT")
    return len(missing)


@transaction.atomic
def drop(month: date, *, by: User) -> DroppedMonth:
    """Drop a month whose time is over; an administrator's act, which leaves its receipt."""
    check_can_drop(month, by)
    name = _name(month)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        check_not_held(name)
        cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  (a name made from a date)
        rows = cursor.fetchone()[0]
        cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {name}")
        cursor.execute(f"DROP TABLE {name}")
    dropped = DroppedMonth.objects.create(month=month, rows=rows, dropped_by=by)
    record(Event.DISCLOSURE_MONTH_DROPPED, by=by, about=dropped, month=month, rows=rows)
    return dropped


def check_can_drop(month: date, by: User) -> None:
    if not by.is_admin:
        raise Denied(_("Only an administrator can do this."))
    if month not in {one for one, _rows in _partitions()}:
        raise Denied(_("The disclosure register has no such month."))
    if month >= first_kept_now():
        raise Denied(
            _("The month must still be kept: the register keeps %(years)s years.")
            % {"years": settings.DISCLOSURE_YEARS}
        )


def check_not_held(partition: str) -> None:
    """Nothing of an order under a legal hold goes, and so no month in which it has rows."""
    held = list(LegalHold.objects.filter(lifted_at=None).values_list("order", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM {partition} WHERE "order" = ANY(%s::uuid[]))',  # noqa: S608
            [[str(pk) for pk in held]],
        )
        if cursor.fetchone()[0]:
            raise Denied(_("The month holds disclosures of an order that is under a legal hold."))


def _partitions() -> list[tuple[date, int]]:
    query = """
        SELECT child.relname, greatest(child.reltuples, 0)::bigint FROM pg_inherits
        JOIN pg_class child ON child.oid = inhrelid WHERE inhparent = %s::regclass ORDER BY child.relname
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [TABLE])
        found = [(_PARTITION.fullmatch(name), rows) for name, rows in cursor.fetchall()]
    return [(date(int(match[1]), int(match[2]), 1), rows) for match, rows in found if match]


def _stray_months() -> set[date]:
    """The months of the rows that fell into none."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM {OTHER}"  # noqa: S608
        )
        return {month for (month,) in cursor.fetchall()}


def _create(month: date) -> str:
    return (
        f"CREATE TABLE {_name(month)} PARTITION OF {TABLE} FOR VALUES"
        f" FROM ('{_start(month)}') TO ('{_start(later(month, 1))}')"
    )


def _name(month: date) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def _start(month: date) -> str:
    """Months begin in UTC, so that a partition's bounds do not hang on a session's time zone."""
    return datetime(month.year, month.month, 1, tzinfo=UTC).isoformat()
