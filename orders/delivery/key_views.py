"""The page of an organisation's own key: its members read it, its managers register, replace and remove."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orders.delivery import own_keys
from orders.delivery.forms import OwnKeyForm
from portal.access import Denied, SignedInRequest
from portal.organisation_access import get_managed_organisation_for, get_own_organisation_for, is_manager


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_key(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    organisation = get_own_organisation_for(request.user, pk)
    form = OwnKeyForm()
    if request.method == "POST":
        get_managed_organisation_for(request.user, pk)
        form = OwnKeyForm(request.POST)
        if form.is_valid():
            try:
                own_keys.register(organisation, by=request.user, text=form.cleaned_data["key"])
            except Denied as denied:
                form.add_error("key", denied.reason)
            else:
                messages.success(request, _("The key is in use from the next delivery on."))
                return redirect("orders:organisation_key", pk=pk)
    if form.is_bound and form.was_private:
        form.data = {"key": ""}
    context = {
        "organisation": organisation,
        "form": form,
        "key": own_keys.in_use(organisation),
        "former": organisation.delivery_keys.exclude(removed_at=None).select_related("removed_by"),
        "is_manager": is_manager(request.user, organisation),
    }
    return render(request, "orders/organisation_key.html", context)


@login_required
@require_POST
def remove_key(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    organisation = get_managed_organisation_for(request.user, pk)
    try:
        own_keys.remove(organisation, by=request.user)
    except Denied as denied:
        messages.error(request, denied.reason)
    else:
        messages.success(request, _("The key has been removed."))
    return redirect("orders:organisation_key", pk=pk)
