"""The pages of retention: a customer's receipts; for officials oversight, rules, holds, the register."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import retention
from orders.access import get_order_for, get_order_for_admin
from orders.deletion import holds, receipts
from orders.deletion.hold_forms import HoldForm, LiftForm
from orders.disclosures import months as disclosure_months
from orders.disclosures import oversight
from orders.models import DroppedMonth, LegalHold
from portal.access import Denied, SignedInRequest, reason_not_to, role_required
from portal.audit import record
from portal.events import Event
from portal.paging import Keyset
from portal.roles import Role

NEWEST_FIRST = Keyset(("id",), (int,), descending=True)


@login_required
@require_safe
def deletions(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Every file of the order with its receipt, to be read, printed or kept as CSV."""
    order = get_order_for(request.user, pk)
    if request.user.is_official:
        record(Event.ORDER_READ, by=request.user, about=order)
    context = {"order": order, "receipts": receipts.of_order(order), "hold": order.open_hold}
    return render(request, "orders/oversight/deletions.html", context)


@login_required
@require_safe
def deletions_csv(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    order = get_order_for(request.user, pk)
    if request.user.is_official:
        record(Event.ORDER_READ, by=request.user, about=order)
    text = receipts.as_csv(order, receipts.of_order(order))
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{order.number}-receipts.csv"'
    return response


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def oversight_page(request: SignedInRequest) -> HttpResponse:
    """Where the officials' registers and queues of oversight are found."""
    return render(request, "orders/oversight/oversight.html", {"tasks": oversight.tasks(request.user)})


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def retention_rules(request: SignedInRequest) -> HttpResponse:
    """The rules of deletion as they are set, and the months of the disclosure register."""
    context = {
        "rules": list(retention.RULES.values()),
        "kinds": list(retention.OF_KIND.values()),
        "months": disclosure_months.months(),
        "dropped": DroppedMonth.objects.select_related("dropped_by").order_by("month"),
        "first_kept": disclosure_months.first_kept_now(),
    }
    return render(request, "orders/oversight/retention.html", context)


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def holds_list(request: SignedInRequest) -> HttpResponse:
    """Orders under a legal hold; or the holds that have been lifted."""
    lifted = request.GET.get("show") == "lifted"
    rows = LegalHold.objects.select_related("order__organisation", "placed_by", "lifted_by")
    page = NEWEST_FIRST.page(rows.filter(lifted_at__isnull=not lifted), request)
    record(Event.LEGAL_HOLDS_LISTED, by=request.user, about=request.user, rows=len(page.items))
    return render(request, "orders/oversight/holds.html", {"page": page, "lifted": lifted})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_hold(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """An administrator holds the order, with a reason."""
    order = get_order_for_admin(request.user, pk)
    form = HoldForm(request.POST or None)
    reason = reason_not_to(holds.check_can_place, order)
    if request.method == "POST" and form.is_valid():
        try:
            holds.place(
                order,
                by=request.user,
                reason=form.cleaned_data["reason"],
                told=form.cleaned_data["told"],
            )
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(request, _("The order is under a legal hold. Nothing of it is deleted."))
            return redirect("orders:detail", pk=order.pk)
    context = {"order": order, "form": form, "reason": reason}
    return render(request, "orders/oversight/place_hold.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lift_hold(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """An administrator lifts the hold, with a reason; what should have been deleted meanwhile is."""
    order = get_order_for_admin(request.user, pk)
    form = LiftForm(request.POST or None)
    reason = reason_not_to(holds.check_can_lift, order)
    if request.method == "POST" and form.is_valid():
        try:
            holds.lift(order, by=request.user, reason=form.cleaned_data["reason"])
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(request, _("The legal hold has been lifted. Deletion goes on by the rules."))
            return redirect("orders:detail", pk=order.pk)
    context = {"order": order, "form": form, "hold": order.open_hold, "reason": reason}
    return render(request, "orders/oversight/lift_hold.html", context)
