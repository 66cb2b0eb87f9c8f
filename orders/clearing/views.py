"""The officials' pages of doubtful rows: the queue, an order's groups, and the rows one by one."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import states
from orders.access import get_order_for_official
from orders.clearing import agreement, completed, policies, sheets, workflow
from orders.clearing import case as clearing_case
from orders.clearing import queue as clearing_queue
from orders.clearing.queue import Scope
from orders.models import DoubtfulRow, Order
from orders.ordering.staff_views import FIRST_DUE_FIRST
from orders.ordering.views import act
from portal.access import Denied, SignedInRequest, reason_not_to, role_required
from portal.audit import record
from portal.events import Event
from portal.roles import Role
from portal.states import Conflict

STAGES = set(policies.NUMBERS)


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Orders whose doubtful rows wait, the first to be due first."""
    orders = Order.objects.filter(status=states.CLEARING).select_related("organisation")
    page = FIRST_DUE_FIRST.page(orders, request)
    record(Event.CLEARINGS_LISTED, by=request.user, about=request.user, rows=len(page.items))
    found = clearing_queue.progresses(page.items)
    own = clearing_queue.disqualified(page.items, request.user)
    rows = [(order, found[order.pk], order.pk in own) for order in page.items]
    return render(request, "orders/clearing_queue.html", {"page": page, "rows": rows})


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def agreements(request: SignedInRequest) -> HttpResponse:
    """How well officials agree: of all orders, and of the newest hundred that had second opinions."""
    pairs = agreement.counted()
    record(Event.CLEARINGS_LISTED, by=request.user, about=request.user, orders=len(pairs))
    newest = Order.objects.filter(pk__in=list(pairs)).order_by("-serial")[:100]
    context = {
        "total": agreement.of_all(pairs),
        "rows": [(order, agreement.agreement(pairs[order.pk])) for order in newest],
    }
    return render(request, "orders/clearing_agreement.html", context)


@login_required
@require_safe
def overview(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """How far an order's clearing is: its groups, what waits for other opinions, the agreement so far."""
    order = get_order_for_official(request.user, pk)
    record(Event.CLEARING_READ, by=request.user, about=order)
    progress = clearing_queue.progress(order)
    groups = [
        (one, clearing_case.group_words(order, one.key), Scope(one.key).query)
        for one in clearing_queue.groups(order)
    ]
    others = clearing_queue.waiting(order, request.user, Scope(show="others")).count()
    context = {
        "order": order,
        "progress": progress,
        "groups": groups,
        "groups_shown": clearing_queue.GROUPS_SHOWN,
        "others": others,
        "beyond": clearing_queue.beyond(order, progress),
        "agreement": agreement.of_order(order.pk),
        "is_open": order.status == states.CLEARING,
        "close_reason": reason_not_to(policies.check_can_close, order),
        "running": order.status == states.CLEARING and not progress.rows,
        "last": _last_decided(request, order),
    }
    return render(request, "orders/clearing.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """A group of alike cases; by POST its rest is decided as its sample was."""
    order = get_order_for_official(request.user, pk)
    key = Scope.of(request.POST if request.method == "POST" else request.GET).group
    found = clearing_queue.group(order, key)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _decide_group(request, order, key)
    context = {
        "order": order,
        "group": found,
        "words": clearing_case.group_words(order, key),
        "sample_query": Scope(key, "sample").query,
        "rows_query": Scope(key).query,
        "reason": reason_not_to(policies.check_group, order, key, request.user),
        "is_open": order.status == states.CLEARING,
        "last": _last_decided(request, order),
        "scope": Scope(key),
    }
    record(Event.CLEARING_READ, by=request.user, about=order)
    return render(request, "orders/clearing_group.html", context)


def _last_decided(request: SignedInRequest, order: Order) -> int | None:
    """The row that this official has decided last, in this session: it can still be taken back."""
    found = request.session.get("cleared")
    return found[1] if found and found[0] == str(order.pk) else None


def _decide_group(request: SignedInRequest, order: Order, key: str) -> HttpResponse:
    try:
        if "sure" not in request.POST:
            raise Denied(_("Confirm first that the decision of the sample suits the rows that are left."))
        rows = workflow.decide_group(order, by=request.user, group=key)
    except Denied as denied:
        messages.error(request, denied.reason)
    except Conflict:
        messages.error(request, _("The group cannot be decided together. Decide its rows one by one."))
    else:
        text = ngettext(
            "%(rows)s row was decided as the sample was.",
            "%(rows)s rows were decided as the sample was.",
            rows,
        )
        messages.success(request, text % {"rows": rows})
    return redirect(f"{reverse('orders:clearing_group', args=[order.pk])}?{Scope(key).query}")


@login_required
@require_POST
def close(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    order = get_order_for_official(request.user, pk)
    text = _("The clearing has ended. The order is ready.")
    return act(request, order, lambda: workflow.close(order, by=request.user), text)


@login_required
@require_safe
def following(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """To the first row of the scope that waits for this official."""
    order = get_order_for_official(request.user, pk)
    return _go_on(request, order, Scope.of(request.GET))


def _go_on(request: SignedInRequest, order: Order, scope: Scope, after: int = 0) -> HttpResponse:
    """To the next row, whose heading takes the focus; or back where none is left."""
    row = (
        clearing_queue.following(order, request.user, scope, after)
        if order.status == states.CLEARING
        else None
    )
    if row is not None:
        address = reverse("orders:clearing_row", args=[order.pk, row])
        return redirect(f"{address}?{scope.query}#case" if scope.query else f"{address}#case")
    skipped = clearing_queue.waiting(order, request.user, scope).count()
    if skipped:
        text = ngettext("%(rows)s row was left for later.", "%(rows)s rows were left for later.", skipped)
        messages.info(request, text % {"rows": skipped})
    else:
        messages.info(request, _("No row is left for you here."))
    if scope.group:
        return redirect(f"{reverse('orders:clearing_group', args=[order.pk])}?{Scope(scope.group).query}")
    return redirect("orders:clearing", pk=order.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """A doubtful row beside its candidates; by POST it is decided or skipped, and the next one opens."""
    order = get_order_for_official(request.user, pk)
    doubtful = _row(order, number)
    scope = Scope.of(request.GET)
    if request.method == "POST":
        return _decide(request, doubtful, scope)
    if request.method == "HEAD":  # no reading
        policies.check_can_read(order, doubtful, request.user)
        return HttpResponse()
    try:
        case = sheets.read(doubtful, by=request.user)
    except Denied as denied:
        messages.info(request, denied.reason)
        return redirect("orders:clearing", pk=order.pk)
    return render(request, "orders/clearing_row.html", _case_page(request, case, scope))


def _row(order: Order, number: int) -> DoubtfulRow:
    found = DoubtfulRow.objects.select_related("order", "sheet").filter(order=order, row=number).first()
    if found is None:
        raise Http404
    found.order = order
    return found


def _case_page(request: SignedInRequest, case: sheets.Case, scope: Scope) -> dict[str, Any]:
    order = case.row.order
    return {
        "order": order,
        "row": case.row,
        "seen": sheets.seen_by(case.row, request.user),
        **clearing_case.shown(case),
        "progress": clearing_queue.progress(order),
        "scope": scope,
        "opinion": policies.NUMBERS[DoubtfulRow.Stage(case.row.stage)],
        **completed.of_case(case),
        "last": _last_decided(request, order),
    }


def _decide(request: SignedInRequest, doubtful: DoubtfulRow, scope: Scope) -> HttpResponse:
    """Every way leads on: what could not be decided is told above the next row."""
    order, choice = doubtful.order, request.POST.get("choice", "")
    if choice == "skip":
        return _go_on(request, order, scope, doubtful.row)
    try:
        place = _place(request, doubtful, choice)
        workflow.decide(doubtful, by=request.user, place=place, stage=request.POST["stage"])
    except Denied as denied:
        messages.error(request, denied.reason)
        return _go_on(request, order, scope, doubtful.row - 1)  # here again, if it can still be decided
    except Conflict:
        messages.error(request, _overtaken(doubtful))
    else:
        request.session["cleared"] = [str(order.pk), doubtful.row]
    return _go_on(request, order, scope, doubtful.row)


def _overtaken(doubtful: DoubtfulRow) -> str:
    """Who was first."""
    text = _("Another official decided row %(row)s first. Your decision was not stored.")
    if sheets.completion_of(doubtful) is not None:
        text = _("The customer has completed row %(row)s, or it was decided. Your decision was not stored.")
    return text % {"row": doubtful.row}


def _place(request: SignedInRequest, doubtful: DoubtfulRow, choice: str) -> int | None:
    """The chosen candidate's place. The official must have opened the row on the sheet that it is on now."""
    seen = sheets.seen_by(doubtful, request.user)
    is_now = constant_time_compare(request.POST.get("seen", ""), seen)
    if not is_now or request.POST.get("stage") not in STAGES:
        raise Denied(_("The page was out of date. Look at the row again, and decide it then."))
    if choice == "none":
        return None
    if not choice.isdecimal() or not 1 <= int(choice) <= doubtful.candidates:
        raise Denied(_("Choose a candidate, or none of them."))
    return int(choice)


@login_required
@require_POST
def take_back(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Take back the own last decision, and look at the row again."""
    order = get_order_for_official(request.user, pk)
    doubtful = _row(order, number)
    try:
        workflow.take_back(doubtful, by=request.user)
    except Denied as denied:
        messages.error(request, denied.reason)
        return redirect("orders:clearing", pk=order.pk)
    request.session.pop("cleared", None)
    scope = Scope.of(request.GET)
    address = reverse("orders:clearing_row", args=[order.pk, number])
    return redirect(f"{address}?{scope.query}#case" if scope.query else f"{address}#case")
