"""A delivery made anew: asked for by its customer, or by an official."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import policies
from orders.access import get_order_for_official, get_own_order_for
from orders.delivery import acts
from orders.delivery.forms import ReissueForm
from orders.models import Order
from portal.access import Denied, SignedInRequest, reason_not_to


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    return _reissue(request, get_own_order_for(request.user, pk), by_official=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_reissue(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    return _reissue(request, get_order_for_official(request.user, pk), by_official=True)


def _reissue(request: SignedInRequest, order: Order, *, by_official: bool) -> HttpResponse:
    """Ask why, then have it made anew; where it cannot be, the order's page tells why."""
    reason = reason_not_to(policies.check_can_reissue, order, by_official=by_official)
    if reason:
        messages.error(request, reason)
        return redirect("orders:detail", pk=order.pk)
    delivery = order.delivery
    initial = {"seen": delivery.number if delivery else 0}
    form = ReissueForm(request.POST or None, initial=initial, by_official=by_official)
    if request.method == "POST" and form.is_valid():
        try:
            acts.ask_reissue(order, by=request.user, by_official=by_official, **form.cleaned_data)
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(request, _("The delivery is being made anew."))
            return redirect("orders:detail", pk=order.pk)
    return render(request, "orders/reissue.html", {"order": order, "form": form})
