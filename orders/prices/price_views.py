"""The administrators' pages of price lists."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import policies
from orders.models import PriceList
from orders.prices import price_lists, pricing
from portal.access import Denied, SignedInRequest, reason_not_to, role_required
from portal.models import OrganisationKind
from portal.roles import Role

KINDS = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.REGISTRY]


class AmountField(forms.DecimalField):
    """An amount in euros, with a decimal comma or point whatever the reader's language."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = "".join(str(value).split()).replace(",", ".") if value else value
        if text and "e" in str(text).lower():  # 1e5 would be a hundred thousand euros
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


def _amount(label: Any, help_text: Any) -> AmountField:
    return AmountField(
        label=label,
        help_text=help_text,
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the amount in euros."),
            "invalid": gettext_lazy("Enter the amount in euros, such as 175,00."),
            "min_value": gettext_lazy("The amount cannot be below zero."),
        },
    )


class PriceListForm(forms.Form):
    """A price list to come, in euros."""

    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Tomorrow or later. Orders placed before that day keep the earlier prices."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Enter the day from which the prices are in force."),
            "invalid": gettext_lazy("Enter a day, such as 23.11.2026."),
        },
    )
    base = _amount(gettext_lazy("For an order (€)"), gettext_lazy("Without value-added tax."))
    per_thousand = _amount(
        gettext_lazy("For each started thousand rows (€)"), gettext_lazy("Without value-added tax.")
    )
    free_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Who pays nothing"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def content(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "valid_from": values["valid_from"],
            "base_cents": int(values["base"] * 100),
            "per_thousand_cents": int(values["per_thousand"] * 100),
            "free_kinds": values["free_kinds"],
        }


@role_required(Role.ADMIN)
@require_safe
def price_lists_page(request: SignedInRequest) -> HttpResponse:
    """Every price list, the newest first: which is in force, and whether one can be taken back."""
    today = policies.today()
    found = list(PriceList.objects.select_related("added_by"))
    current = next((one for one in found if one.valid_from <= today), None)
    rows = [
        {
            "prices": one,
            "is_current": one == current,
            "is_future": one.valid_from > today,
            "free": pricing.free_labels(one),
            "reason": reason_not_to(price_lists.check_can_withdraw, one),
        }
        for one in found
    ]
    return render(request, "orders/invoicing/price_lists.html", {"rows": rows})


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def add_price_list(request: SignedInRequest) -> HttpResponse:
    """Add a price list to come; the form begins with the newest one's free categories."""
    newest = PriceList.objects.first()
    form = PriceListForm(request.POST or None, initial={"free_kinds": newest.free_kinds if newest else []})
    if request.method == "POST" and form.is_valid():
        try:
            price_lists.add(by=request.user, **form.content())
        except Denied as denied:
            form.add_error("valid_from", denied.reason)
        else:
            messages.success(request, _("The price list has been added."))
            return redirect("orders:price_lists")
    return render(request, "orders/invoicing/price_list_form.html", {"form": form})


@role_required(Role.ADMIN)
@require_POST
def withdraw_price_list(request: SignedInRequest, number: int) -> HttpResponse:
    prices = get_object_or_404(PriceList, pk=number)
    try:
        price_lists.withdraw(prices, by=request.user)
    except Denied as denied:
        messages.error(request, denied.reason)
    else:
        messages.success(request, _("The price list has been taken back."))
    return redirect("orders:price_lists")
