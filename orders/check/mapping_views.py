"""The customer's pages of a mapping: how the file is read, a fixed-width layout, saved settings."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orders import policies
from orders.access import get_own_order_for
from orders.check import layout_forms, mapping_workflow, mappings, samples
from orders.check.layout_forms import LayoutForm
from orders.check.mapping_forms import MappingForm, SaveForm
from orders.models import Material, Order
from portal.access import Denied, SignedInRequest, reason_not_to


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """How the file is read and what each column is; correcting it has a worker read it again."""
    order = get_own_order_for(request.user, pk)
    if refused := _refused(request, order):
        return refused
    material = _material(order)
    if material.mapping.get("fixed_width"):
        return redirect("orders:layout", pk=order.pk)
    sample = samples.shown(material, by=request.user)
    form = MappingForm(
        request.POST or None, sample=sample, mapping=material.mapping, initial=_initial(order, material)
    )
    if request.method == "POST" and form.is_valid() and _read_again(request, order, form, form.mapping()):
        return redirect("orders:check", pk=order.pk)
    context = {"form": form, "material": material, "sample": sample}
    return render(request, "orders/mapping.html", context | _saved(order))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The layout of a fixed-width file: a ruler over its first lines, and what the columns cut from them."""
    order = get_own_order_for(request.user, pk)
    if refused := _refused(request, order):
        return refused
    material = _material(order)
    sample = samples.shown(material, by=request.user, what="lines") or {}
    lines = sample.get("lines", [])
    act = request.POST.get("act", "")
    changed = layout_forms.with_act(request.POST, act) if request.method == "POST" else None
    if request.method == "POST":
        form = LayoutForm(changed or request.POST)
        saves = changed is None and form.is_valid() and act == "save"
        if saves and _read_again(request, order, form, form.mapping()):
            return redirect("orders:check", pk=order.pk)
    else:
        form = _layout_form(order, material, lines)
    shows = request.method == "POST" and changed is None
    context = {
        "form": form if shows else None,
        "layout": form,
        "order": order,
        "material": material,
        "ruler": layout_forms.ruler(lines),
        "cut": form.cut(lines) if shows and not form.non_field_errors() else [],
        "names": form.names() if shows else [],
        "shows_errors": shows,
        "longest": layout_forms.SHOWN,
    }
    return render(request, "orders/layout.html", context)


def _layout_form(order: Order, material: Material, lines: list[str]) -> LayoutForm:
    """The form as it is first shown: the layout by which the file is read, or a proposal."""
    reading = material.mapping.get("reading", {})
    rows = material.mapping.get("fixed_width") or layout_forms.proposed(lines)
    told = {"encoding": reading.get("encoding", ""), "header": reading.get("header", False)}
    return LayoutForm(rows=rows, initial=_initial(order, material) | told)


@login_required
@require_POST
def saved_mapping(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the file by saved settings (`use:…`) or as detected (`undo`); `delete:…` forgets settings."""
    order = get_own_order_for(request.user, pk)
    act, _colon, which = request.POST.get("act", "").partition(":")
    if act == "delete":
        saved = mapping_workflow.saved_of(order, which)
        mapping_workflow.forget(saved, by=request.user)
        messages.success(request, _("The saved settings have been deleted."))
        return redirect("orders:check" if order.material else "orders:detail", pk=order.pk)
    if act not in {"use", "undo"}:
        raise Http404
    wanted = mapping_workflow.saved_of(order, which).mapping if act == "use" else {}
    try:
        mapping_workflow.read_again(order, by=request.user, mapping=wanted)
    except Denied as denied:
        messages.error(request, denied.reason)
    return redirect("orders:check" if order.material else "orders:detail", pk=order.pk)


def _refused(request: SignedInRequest, order: Order) -> HttpResponse | None:
    """The way to the page of the check, or of the order, with the reason, where nothing can be mapped."""
    reason = reason_not_to(policies.check_can_map, order)
    if reason is None:
        return None
    messages.error(request, reason)
    return redirect("orders:check" if order.material else "orders:detail", pk=order.pk)


def _material(order: Order) -> Material:
    material = order.material
    if material is None:
        raise Http404
    return material


def _initial(order: Order, material: Material) -> dict[str, Any]:
    name = material.saved_mapping.name if material.saved_mapping else order.register_name[:100]
    return {"seen": str(material.sample_id or ""), "save": False, "save_as": name}


def _saved(order: Order) -> dict[str, Any]:
    return {"order": order, "saved": order.organisation.saved_mappings.all()[:50]}


def _read_again(request: SignedInRequest, order: Order, form: SaveForm, made: dict[str, Any]) -> bool:
    """Have the file read by the mapping; else the form says why not."""
    try:
        seen = form.cleaned_data["seen"] or "None"
        mapping_workflow.read_again(order, by=request.user, mapping=made, save_as=form.name, seen=seen)
    except Denied as denied:
        form.add_error(None, denied.reason)
    except mappings.NoMapping:
        form.add_error(None, _("These settings can’t be used."))
    else:
        return True
    return False
