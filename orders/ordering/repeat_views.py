"""What a placed order gives its customer beside the delivery: its confirmation, and the same order again."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import policies, words
from orders.access import get_order_for, get_own_order_for
from orders.models import Confirmation
from orders.ordering import presentation, repeats
from portal import papers
from portal.access import SignedInRequest, reason_not_to
from portal.audit import record
from portal.events import Event


class AgainForm(forms.Form):
    """`token` becomes the new order's id: sent twice, it makes one."""

    token = forms.UUIDField(widget=forms.HiddenInput)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what a new order takes over from this one and what the permit no longer covers; then begin it."""
    order = get_own_order_for(request.user, pk)
    if reason := reason_not_to(policies.check_can_repeat, order):
        messages.error(request, reason)
        return redirect("orders:detail", pk=order.pk)
    form = AgainForm(request.POST or None, initial={"token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        made = repeats.repeat(order, by=request.user, token=form.cleaned_data["token"])
        messages.success(request, _("A new draft was made from order %(number)s.") % {"number": order.number})
        return redirect("orders:describe", pk=made.pk)
    found = repeats.again(order)
    context = {
        "order": order,
        "form": form,
        "rows": presentation.again_rows(order, found.permit, found.fields),
        "dropped": words.field_labels(found.dropped, order.subject),
    }
    return render(request, "orders/again.html", context)


@login_required
@require_safe
def confirmation(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    """The confirmation as PDF; every reading of it is audited, but for a look at its header."""
    order = get_order_for(request.user, pk)
    document = Confirmation.objects.filter(order=order).first()
    if document is None:
        raise Http404
    if request.method != "HEAD":
        record(Event.CONFIRMATION_READ, by=request.user, about=order, sha256=document.sha256)
    return papers.handed_out(request, document, f"{order.number}-{document.language}.pdf")
