"""The pages of permissions for third parties: the holder's of an order, and the officials' queue and case."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import oversight_states as states
from orders import policies
from orders.access import get_own_order_for
from orders.models import Order, ThirdPartyDecision, ThirdPartyPermission
from orders.third_parties import permissions
from orders.third_parties.forms import AskForm, DecideForm
from orders.third_parties.presentation import facts, standing
from portal import papers
from portal.access import Denied, SignedInRequest, organisations_of, reason_not_to, role_required
from portal.audit import record
from portal.events import Event
from portal.paging import Keyset
from portal.roles import Role
from portal.states import Conflict
from portal.typed_text import keeping_typed_text, kept_text
from portal.ui import Filter

OLDEST_FIRST = Keyset(("asked_at", "id"), (datetime.fromisoformat, uuid.UUID))


@keeping_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
def ask_third_party(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    order = get_own_order_for(request.user, pk)
    if (reason := reason_not_to(permissions.check_can_ask, order)) is not None:
        messages.error(request, reason)
        return redirect("orders:detail", pk=order.pk)
    kept = kept_text(request)
    form = AskForm(request.POST or kept, initial={"token": uuid.uuid4()}, order=order)
    if request.method == "POST" and form.is_valid() and (asked := _asked(request, order, form)):
        messages.success(request, _("The permission has been asked for. Wait for the decision."))
        return redirect("orders:third_party", pk=order.pk, serial=asked.serial)
    return render(request, "orders/oversight/ask_third_party.html", {"form": form, "order": order})


def _asked(request: SignedInRequest, order: Order, form: AskForm) -> ThirdPartyPermission | None:
    try:
        token = form.cleaned_data["token"]
        return permissions.ask(order, by=request.user, token=token, **form.details())
    except Denied as denied:
        form.add_error(None, denied.reason)
    return None


@login_required
@require_safe
def third_party(request: SignedInRequest, pk: uuid.UUID, serial: int) -> HttpResponse:
    """A permission as the holder and officials read it, and the decision once it is made."""
    permission = permissions.get_permission_for(request.user, pk, serial)
    if request.user.is_official:
        record(Event.THIRD_PARTY_READ, by=request.user, about=permission)
    is_own = any(one.pk == permission.order.organisation_id for one in organisations_of(request.user))
    context = standing(permission) | {
        "order": permission.order,
        "facts": facts(permission),
        "is_own": is_own,
        "decision": ThirdPartyDecision.objects.filter(permission=permission).first(),
        "withdraw_reason": reason_not_to(permissions.check_waits, permission),
    }
    return render(request, "orders/oversight/third_party.html", context)


@login_required
@require_safe
def third_party_decision(
    request: SignedInRequest, pk: uuid.UUID, serial: int
) -> HttpResponse | StreamingHttpResponse:
    """The decision as PDF; every reading of it is audited, but for a look at its header."""
    permission = permissions.get_permission_for(request.user, pk, serial)
    document = ThirdPartyDecision.objects.filter(permission=permission).first()
    if document is None:
        raise Http404
    if request.method != "HEAD":
        record(Event.THIRD_PARTY_DECISION_READ, by=request.user, about=permission, sha256=document.sha256)
    return papers.handed_out(request, document, f"{permission.number}-{document.language}.pdf")


@login_required
@require_POST
def withdraw_third_party(request: SignedInRequest, pk: uuid.UUID, serial: int) -> HttpResponse:
    get_own_order_for(request.user, pk)
    permission = permissions.get_permission_for(request.user, pk, serial)
    _act(
        request,
        lambda: permissions.withdraw(permission, by=request.user),
        _("The request has been withdrawn."),
    )
    return redirect("orders:third_party", pk=pk, serial=serial)


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def third_parties_list(request: SignedInRequest) -> HttpResponse:
    """The requests that wait, oldest first, each with its age; or those decided."""
    shown = "decided" if request.GET.get("show") == "decided" else ""
    rows = ThirdPartyPermission.objects.select_related("order__organisation", "permit")
    waiting = rows.filter(status=states.ASKED)
    chosen = rows.exclude(status=states.ASKED) if shown else waiting
    page = OLDEST_FIRST.page(chosen, request)
    record(Event.THIRD_PARTIES_LISTED, by=request.user, about=request.user, rows=len(page.items))
    today = policies.today()
    context = {
        "page": page,
        "rows": [standing(one) | {"days": one.days_waiting(today)} for one in page.items],
        "shown": shown,
        "filters": [
            Filter(_("Waiting"), "?", waiting.count(), not shown),
            Filter(_("Decided and ended"), "?show=decided", None, bool(shown)),
        ],
    }
    return render(request, "orders/oversight/third_parties.html", context)


@role_required(Role.OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def decide_third_party(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The case with what was asked for; an official of neither organisation decides it."""
    permission = permissions.get_case_for(request.user, pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decided(request, permission, form):
        return redirect("orders:third_parties")
    record(Event.THIRD_PARTY_READ, by=request.user, about=permission)
    context = standing(permission) | {
        "form": form,
        "facts": facts(permission),
        "grant_reason": reason_not_to(permissions.check_can_grant, permission),
        "wait_reason": reason_not_to(permissions.check_waits, permission),
        "days": permission.days_waiting(policies.today()),
    }
    return render(request, "orders/oversight/decide_third_party.html", context)


def _decided(request: SignedInRequest, permission: ThirdPartyPermission, form: DecideForm) -> bool:
    given = form.cleaned_data
    try:
        if given["decision"] == DecideForm.GRANT:
            permissions.grant(
                permission, by=request.user, reasons=given["reasons"], conditions=given["conditions"]
            )
        else:
            permissions.refuse(permission, by=request.user, reasons=given["reasons"])
    except Denied as denied:
        form.add_error(None, denied.reason)
        return False
    except Conflict:
        form.add_error(None, _("The matter no longer waits for a decision."))
        return False
    messages.success(request, _("The decision has been made, and both organisations are told."))
    return True


def _act(request: SignedInRequest, acting: Any, done: str) -> None:
    try:
        acting()
    except Denied as denied:
        messages.error(request, denied.reason)
    except Conflict:
        messages.error(request, _("The matter no longer waits for a decision."))
    else:
        messages.success(request, done)
