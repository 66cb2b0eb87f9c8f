"""The administrators' page of invoicing: a period's chargeable orders, as a list, CSV and Finvoice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orders import policies
from orders.models import Order
from orders.prices import finvoice, invoices
from portal.access import Denied, SignedInRequest, reason_not_to, role_required
from portal.audit import record
from portal.calendar import local_day
from portal.events import Event
from portal.roles import Role

SHOWN = 500  # orders on the page; the files have all


def _day(label: Any, help_text: Any = "", required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Enter the day."),
            "invalid": _("Enter a day, such as 23.11.2026."),
        },
    )


FARTHEST = timedelta(days=366)  # of the date of the invoices from today


class PeriodForm(forms.Form):
    """From which day to which, and the date of the invoices."""

    first = _day(_("First day"))
    last = _day(_("Last day"), _("Orders delivered on these days and between them, at a price above zero."))
    invoiced_on = _day(_("Date of the e-invoices"), _("Today, if left empty."), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("first") and values.get("last"):
            try:
                invoices.check_period(values["first"], values["last"])
            except Denied as denied:
                self.add_error("last", denied.reason)
        return values

    def clean_invoiced_on(self) -> date | None:
        """A day that is far away is a slip of the hand, and would be on every invoice."""
        day: date | None = self.cleaned_data["invoiced_on"]
        if day is not None and abs(day - policies.today()) > FARTHEST:
            raise forms.ValidationError(_("The date of the invoices must be within a year of today."))
        return day

    @property
    def invoice_day(self) -> date:
        return self.cleaned_data.get("invoiced_on") or policies.today()


def _last_month() -> dict[str, str]:
    last = policies.today().replace(day=1) - timedelta(days=1)
    return {"first": last.replace(day=1).isoformat(), "last": last.isoformat()}


@role_required(Role.ADMIN)
@require_safe
def invoicing(request: SignedInRequest) -> HttpResponse:
    """The orders that became chargeable in a period: last month's where none is asked for."""
    form = PeriodForm(request.GET if "first" in request.GET else _last_month())
    context: dict[str, Any] = {"form": form, "seller_reason": reason_not_to(invoices.check_seller)}
    if form.is_valid():
        found = _found(form)
        record(Event.ORDERS_LISTED, by=request.user, about=request.user, rows=len(found))
        context |= {
            "rows": [(order, local_day(order.delivered_at)) for order in found[:SHOWN]],  # type: ignore[arg-type]
            "count": len(found),
            "more": max(len(found) - SHOWN, 0),
            "total": sum(order.price_cents or 0 for order in found),
            "query": form.data.urlencode() if hasattr(form.data, "urlencode") else _query(form.data),
        }
    return render(request, "orders/invoicing/invoicing.html", context)


def _query(values: Mapping[str, Any]) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items())


def _found(form: PeriodForm) -> Sequence[Order]:
    return list(invoices.chargeable(form.cleaned_data["first"], form.cleaned_data["last"]))


@role_required(Role.ADMIN)
@require_safe
def invoice_rows(request: SignedInRequest) -> HttpResponse:
    """The period's rows as CSV."""
    return _export(request, "csv", "text/csv; charset=utf-8", lambda found, _on: invoices.as_csv(found))


@role_required(Role.ADMIN)
@require_safe
def invoice_messages(request: SignedInRequest) -> HttpResponse:
    """The period's invoices in Finvoice 3.0, in a ZIP of a file each; a ZIP of none would tell nothing."""
    invoices.check_seller()
    return _export(request, "zip", "application/zip", finvoice.archive, may_be_empty=False)


def _export(
    request: SignedInRequest,
    ending: str,
    kind: str,
    write: Callable[[Sequence[Order], date], bytes],
    *,
    may_be_empty: bool = True,
) -> HttpResponse:
    """A file of the period's rows; that it was taken out is in the audit trail."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "orders/invoicing/invoicing.html", {"form": form}, status=400)
    found, days = _found(form), form.cleaned_data
    first, last = days["first"], days["last"]
    if not found and not may_be_empty:
        messages.error(request, _("There are no e-invoices of the period: nothing in it is to be invoiced."))
        return redirect(f"{reverse('orders:invoicing')}?{request.GET.urlencode()}")
    if request.method != "HEAD":
        record(
            Event.INVOICES_EXPORTED,
            by=request.user,
            about=request.user,
            form=ending,
            first=first,
            last=last,
            rows=len(found),
            cents=sum(order.price_cents or 0 for order in found),
        )
    response = HttpResponse(write(found, form.invoice_day), content_type=kind)
    name = f"laskutus-{first:%Y%m%d}-{last:%Y%m%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response
