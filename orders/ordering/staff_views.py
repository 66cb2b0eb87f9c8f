"""The officials' pages: every open order against its deadline, early release, a failed order again."""

import uuid
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders import policies, states, workflow
from orders.access import get_order_for_official
from orders.models import Order, Status
from orders.ordering import deadlines as lines
from orders.ordering.forms import ReleaseForm
from orders.ordering.views import act
from portal.access import SignedInRequest, role_required
from portal.audit import record
from portal.events import Event
from portal.paging import Keyset
from portal.roles import Role
from portal.ui import Filter

FIRST_DUE_FIRST = Keyset(("window_closes", "serial"), (date.fromisoformat, int))
FILTERS = ["late", *(status for status in Status.values if status in states.OPEN)]


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def deadlines(request: SignedInRequest) -> HttpResponse:
    """Open orders, late ones first, then by days left: both are the order of their windows' last days."""
    today = policies.today()
    chosen = request.GET.get("status", "")
    chosen = chosen if chosen in FILTERS else ""
    orders = Order.objects.open().select_related("organisation", "permit")
    page = FIRST_DUE_FIRST.page(orders.filter(_filter(chosen, today)), request)
    record(Event.DEADLINES_READ, by=request.user, about=request.user, rows=len(page.items))
    context = {
        "page": page,
        "rows": lines.rows(page.items, today),
        "axis": lines.axis(page.items, today),
        "filters": _filters(orders, chosen, today),
        "today": today,
    }
    return render(request, "orders/deadlines.html", context)


def _filter(chosen: str, today: date) -> Q:
    if chosen == "late":
        return Q(window_closes__lt=today)
    return Q(status=chosen) if chosen else Q()


def _filters(orders: QuerySet[Order], chosen: str, today: date) -> list[Filter]:
    """Each filter with its number of orders, counted in one query."""
    counts = orders.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=_filter(name, today)) for name in FILTERS}
    )
    labels = {"late": _("Late")} | {status: Status(status).label for status in FILTERS[1:]}
    all_open = Filter(_("All open"), "?", counts["all"], not chosen)
    return [all_open] + [
        Filter(labels[name], f"?status={name}", counts[name], name == chosen) for name in FILTERS
    ]


@login_required
@require_POST
def release(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Release a ready order before its window opens, with a reason."""
    order = get_order_for_official(request.user, pk)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return render(request, "orders/release.html", {"order": order, "form": form}, status=422)
    reason = form.cleaned_data["reason"]
    return act(
        request,
        order,
        lambda: workflow.release_early(order, by=request.user, reason=reason),
        _("The delivery has been released."),
    )


@login_required
@require_POST
def retry(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    order = get_order_for_official(request.user, pk)
    return act(
        request, order, lambda: workflow.retry(order, by=request.user), _("The order has been started again.")
    )
