"""The customer's pages of its own doubtful rows: the list, and a row to complete."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders import completion_policies, policies
from orders.access import get_own_order_for
from orders.completion import own_rows, workflow
from orders.completion.forms import CompletionForm
from orders.completion.own_rows import OwnRow
from orders.models import DoubtfulRow, Order
from portal.access import Denied, SignedInRequest, reason_not_to
from portal.paging import Keyset
from portal.states import Conflict

BY_ROW = Keyset(("row",), (int,))


@login_required
@never_cache
@require_safe
def rows(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The doubtful rows that the customer may complete, as it sent them."""
    order = get_own_order_for(request.user, pk)
    if reason := reason_not_to(completion_policies.check_can_see, order):
        messages.info(request, reason)
        return redirect("orders:detail", pk=order.pk)
    page = BY_ROW.page(own_rows.shown(order), request)
    context = {
        "order": order,
        "page": page,
        "rows": own_rows.listed(order, page.items, by=request.user),
        **_figures(order),
    }
    return render(request, "orders/own_rows.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """A row to complete; by POST it is completed, or said to be all that is known."""
    order = get_own_order_for(request.user, pk)
    doubtful = _row(order, number)
    if request.method == "HEAD":  # no reading
        completion_policies.check_can_complete(order, doubtful)
        return HttpResponse()
    try:
        own = own_rows.read(doubtful, by=request.user)
    except Denied as denied:
        messages.info(request, denied.reason)
        return redirect("orders:own_rows", pk=order.pk)
    form = CompletionForm(_typed(request), subject=order.subject, sent=own.sent)
    if "nothing" in request.POST or form.is_valid():
        return _answer(request, doubtful, own, form)
    context = {"order": order, "own": own, "form": form, **_figures(order)}
    return render(request, "orders/own_row.html", context)


def _typed(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" and "nothing" not in request.POST else None


def _row(order: Order, number: int) -> DoubtfulRow:
    found = DoubtfulRow.objects.select_related("own").filter(order=order, row=number).first()
    if found is None:
        raise Http404
    found.order = order
    return found


def _answer(
    request: SignedInRequest, doubtful: DoubtfulRow, own: OwnRow, form: CompletionForm
) -> HttpResponse:
    """Store the answer and go back to the list, which tells that it is done or why it was not."""
    told = {"row": doubtful.row}
    try:
        if "nothing" in request.POST:
            workflow.know_no_more(doubtful, by=request.user)
            messages.success(request, _("Row %(row)s is left to the officials.") % told)
        else:
            workflow.complete(doubtful, by=request.user, sent=own.sent, cells=form.cleaned_data)
            messages.success(
                request, _("Row %(row)s has been completed. You see in the delivery what it gave.") % told
            )
    except Denied as denied:
        messages.error(request, denied.reason)
    except Conflict:
        text = _("Row %(row)s was taken up by somebody else first. What you typed was not stored.")
        messages.error(request, text % told)
    return redirect("orders:own_rows", pk=doubtful.order_id)


def _figures(order: Order) -> dict[str, Any]:
    return {
        "days_words": _days_words(order),
        "waiting": completion_policies.waiting(order),
        "left": completion_policies.left(order),
    }


def _days_words(order: Order) -> str:
    """How many days there are until the last one, counted as those until the delivery is late."""
    last = order.clearing_last_day
    if last is None:
        return ""
    left = (last - policies.today()).days
    if left == 0:
        return _("The last day is today.")
    return ngettext("%(days)s day left.", "%(days)s days left.", left) % {"days": left}
