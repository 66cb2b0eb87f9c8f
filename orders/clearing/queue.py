"""Which doubtful rows wait, for whom, and how far the clearing of an order is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from orders import participation, states
from orders.clearing.policies import NUMBERS, Stage
from orders.models import DoubtfulRow, Order
from portal.models import User
from portal.roles import Role
from portal.ui import Task

GROUPS_SHOWN = 100
DOUBTFUL = ("ambiguous", "match_review", "no_match_review")
"""The results of the rows that a match left in doubt, decided or not."""


@dataclass(frozen=True)
class Scope:
    """Which rows an official goes through: all, a group, its sample, or those for another opinion."""

    group: str = ""
    show: str = ""

    @classmethod
    def of(cls, asked: Any) -> "Scope":
        """As an address asks for it."""
        show = asked.get("show", "")
        group = asked.get("group", "")[:200].replace("\0", "")  # PostgreSQL's text holds no NUL
        return cls(group, show if show in {"sample", "others"} else "")

    @property
    def query(self) -> str:
        """As an address has it."""
        chosen = {"group": self.group, "show": self.show}
        return urlencode({name: value for name, value in chosen.items() if value})


@dataclass(frozen=True)
class Progress:
    """How many doubtful rows there are, and how many stand where."""

    rows: int
    open: int
    second: int
    third: int
    linking: int

    @property
    def settled(self) -> int:
        return self.rows - self.open - self.second - self.third - self.linking


@dataclass(frozen=True)
class Group:
    """A group of alike cases: its first row, its rows, the open ones, and of its sample those that are."""

    key: str
    first: int
    rows: int
    open: int
    sample: int
    sample_open: int


def waiting(order: Order, user: User, scope: Scope) -> QuerySet[DoubtfulRow]:
    """The rows of the scope whose opinion this official can give."""
    rows = order.doubtful_rows.all()
    if scope.group:
        rows = rows.filter(group=scope.group)
    if scope.show == "sample":
        rows = rows.filter(in_sample=True, stage=Stage.OPEN)
    if scope.show == "others":
        rows = rows.filter(stage__in=[Stage.SECOND, Stage.THIRD])
    return rows.filter(stage__in=NUMBERS).exclude(opinions__by=user)


def following(order: Order, user: User, scope: Scope, after: int = 0) -> int | None:
    """The number of the next row to look at, or None; rows before `after` were decided or left for later."""
    rows = waiting(order, user, scope).filter(row__gt=after).order_by("row")
    return rows.values_list("row", flat=True).first()


def progress(order: Order) -> Progress:
    return progresses([order])[order.pk]


def progresses(orders: Sequence[Order]) -> dict[Any, Progress]:
    """Of each order, in one query."""
    counted = (
        DoubtfulRow.objects.filter(order__in=orders)
        .order_by()
        .values("order")
        .annotate(
            rows=Count("pk"),
            waiting=Count("pk", Q(stage=Stage.OPEN)),
            second=Count("pk", Q(stage=Stage.SECOND)),
            third=Count("pk", Q(stage=Stage.THIRD)),
            linking=Count("pk", Q(stage=Stage.LINKING)),
        )
    )
    found = counted.values_list("order", "rows", "waiting", "second", "third", "linking")
    none = {order.pk: Progress(0, 0, 0, 0, 0) for order in orders}
    return none | {order: Progress(*counts) for order, *counts in found}


def beyond(order: Order, progress: Progress) -> int:
    """The doubtful rows that nobody looks at, since they have more candidates than one could choose from."""
    doubtful = sum(order.results.get(name, 0) for name in DOUBTFUL)
    return max(doubtful - progress.rows, 0) if progress.rows else 0


def groups(order: Order) -> list[Group]:
    """Those with most left first."""
    found = _grouped(order.doubtful_rows.all())
    return [Group(*one) for one in found.order_by("-waiting", "-rows", "first", "group")[:GROUPS_SHOWN]]


def group(order: Order, key: str) -> Group | None:
    found = _grouped(order.doubtful_rows.filter(group=key)).first()
    return Group(*found) if found else None


def _grouped(rows: QuerySet[DoubtfulRow]) -> Any:
    counted = (
        rows.order_by()
        .values("group")
        .annotate(
            first=Min("row"),
            rows=Count("pk"),
            waiting=Count("pk", Q(stage=Stage.OPEN)),
            sample=Count("pk", Q(in_sample=True)),
            sample_waiting=Count("pk", Q(in_sample=True, stage=Stage.OPEN)),
        )
    )
    names = ("group", "first", "rows", "waiting", "sample", "sample_waiting")
    return counted.values_list(*names).order_by("group")


def waiting_orders(user: User) -> QuerySet[Order]:
    """The orders with rows whose opinion this official can give: none of their own organisations."""
    rows = DoubtfulRow.objects.filter(order=OuterRef("pk"), stage__in=NUMBERS)
    orders = Order.objects.filter(Exists(rows.exclude(opinions__by=user)), status=states.CLEARING)
    orders = orders.exclude(pk__in=participation.orders_of(user, status=states.CLEARING))
    return orders.exclude(organisation__in=user.memberships.values("organisation"))


def waiting_tasks(user: User) -> list[Task]:
    """For the front page of an official: how many orders wait for an opinion of theirs."""
    count = waiting_orders(user).count() if Role.OFFICIAL in user.role_names else 0
    label, href = _("Orders with doubtful rows to go through"), reverse("orders:clearing_queue")
    return [Task(label, str(count), "warning", href)] if count else []


def disqualified(orders: Iterable[Order], user: User) -> set[Any]:
    """The orders of the official's own organisations, and those with a part in them (act 434/2003, 28 §)."""
    own = set(user.memberships.values_list("organisation", flat=True))
    listed = {order.pk: order.organisation_id for order in orders}
    acted = participation.orders_of(user, pk__in=list(listed))
    return {pk for pk, organisation in listed.items() if organisation in own or pk in acted}
