"""The pages of a delivery that is there: its files, the duties that go with them, its result report."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import policies
from orders.access import get_order_for, get_own_order_for
from orders.delivery import acts, downloads, kinds, result_report
from orders.delivery.downloads import Handout
from orders.delivery.forms import AcknowledgeForm
from orders.models import Order
from portal.access import Denied, SignedInRequest, organisations_of, reason_not_to
from portal.audit import record
from portal.byte_ranges import Part, Unsatisfiable, asked_part
from portal.events import Event


@login_required
@require_safe
def download(request: SignedInRequest, pk: uuid.UUID, form: str) -> HttpResponse | StreamingHttpResponse:
    """A file of the delivery, or the part of it by which a broken download goes on.

    Looking at the header by HEAD is no reading, and is not counted as one.
    """
    order = get_own_order_for(request.user, pk)
    if form not in kinds.ENDINGS:
        raise Http404
    try:
        if request.method == "HEAD":
            return _look(request, order, form)
        given = downloads.handout(order, form, by=request.user)
    except policies.DutiesNeeded as needed:
        context = {"order": order, "reason": needed.reason, "form": form}
        return render(request, "orders/duties_needed.html", context, status=403)
    try:
        part = asked_part(request, given.size, given.etag)
    except Unsatisfiable:
        response = _headers(HttpResponse(status=416), given)
        response["Content-Range"] = f"bytes */{given.size}"
        return response
    receipt = downloads.begin(given, part, by=request.user)
    return _streamed(given, part, downloads.stream(given, part, receipt))


def _look(request: SignedInRequest, order: Order, form: str) -> HttpResponse:
    given = downloads.look(order, form, by=request.user)
    response: HttpResponse = _headers(HttpResponse(), given)
    response["Content-Length"] = str(given.size)
    return response


def _streamed(given: Handout, part: Part, blocks: Any) -> StreamingHttpResponse:
    response: StreamingHttpResponse = _headers(StreamingHttpResponse(blocks), given)
    response["Content-Length"] = str(part.length if given.size else 0)
    if part.is_range:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{given.size}"
    return response


def _headers(response: Any, given: Handout) -> Any:
    response["Content-Type"] = given.content_type
    response["Content-Disposition"] = f'attachment; filename="{given.name}"'
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = given.etag
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duties(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The duties that go with protected persons' data; who downloads them acknowledges them by name."""
    order = get_own_order_for(request.user, pk)
    delivery = order.delivery
    if delivery is None or (reason := reason_not_to(policies.check_can_download, order)):
        messages.error(request, reason if delivery else _("There is no delivery yet."))
        return redirect("orders:detail", pk=pk)
    if not delivery.needs_acknowledgement:  # the page says that protected persons' data are in the delivery
        return redirect("orders:detail", pk=pk)
    form = AcknowledgeForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            acts.acknowledge(delivery, by=request.user, name=form.cleaned_data["name"])
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(
                request, _("You have acknowledged the duties. You can now download the delivery.")
            )
            return redirect("orders:detail", pk=pk)
    context = {
        "order": order,
        "delivery": delivery,
        "form": form,
        "acknowledged": delivery.acknowledgements.filter(user=request.user).first(),
    }
    return render(request, "orders/duties.html", context)


@login_required
@require_safe
def report(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The result report as a page: the numbers of the PDF. An official's reading is audited."""
    order = get_order_for(request.user, pk)
    delivery = order.delivery
    if delivery is None:
        messages.error(request, _("There is no delivery yet."))
        return redirect("orders:detail", pk=pk)
    if request.user.is_official:
        record(Event.DELIVERY_REPORT_READ, by=request.user, about=order, delivery=delivery.pk)
    is_own = any(one.pk == order.organisation_id for one in organisations_of(request.user))
    context = {
        "order": order,
        "report": result_report.report(delivery),
        "has_pdf": is_own and reason_not_to(policies.check_can_download, order) is None,
    }
    return render(request, "orders/result_report.html", context)
