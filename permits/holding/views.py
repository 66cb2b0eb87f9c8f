"""The pages of permits: the holder's list, one permit, its acceptance; the officials' list and their acts."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from permits import acts, granting, states
from permits.access import get_permit_for, visible_permits
from permits.holding import permit_presentation
from permits.holding.forms import AcceptForm, ReasonForm, SearchForm
from permits.leading_back import leading_back
from permits.models import Permit, PermitQuerySet
from portal.access import Denied, SignedInRequest, organisations_called, role_required
from portal.audit import record
from portal.events import Event
from portal.paging import Keyset
from portal.roles import Role
from portal.states import Conflict
from portal.templatetags.components import day
from portal.typed_text import keeping_typed_text, kept_text

FIRST_YEAR = 2026
"""The year of the first permits with a number of this service."""
BY_NUMBER = Keyset(("number", "version"), (str, int), descending=True)
OWN_FILTERS = ("in_force", "waiting", "later", "ended")
ALL_FILTERS = ("in_force", "waiting", "later", "suspended", "ending", "ended")


@login_required
@require_safe
def permit_list(request: SignedInRequest) -> HttpResponse:
    """The permits of one's organisations and of their classes."""
    return _list(request, visible_permits(request.user), OWN_FILTERS, "permits/permits/list.html", {})


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def staff_list(request: SignedInRequest) -> HttpResponse:
    """Every permit, by number or holder and by where it stands."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    permits = Permit.objects.select_related("organisation")
    if wanted:
        permits = permits.filter(_called(wanted))
    context = {"form": SearchForm(initial={"q": wanted}), "wanted": wanted}
    return _list(request, permits, ALL_FILTERS, "permits/permits/staff_list.html", context)


def _called(wanted: str) -> Q:
    """Permits by number (whole, or its last digits), or by the holder's name or business ID."""
    numbers = [wanted.upper()]
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 12:
        numbers += [f"TL-{year}-{int(wanted):06d}" for year in range(FIRST_YEAR, granting.today().year + 1)]
    return Q(number__in=numbers) | Q(organisation__in=organisations_called(wanted))


def _list(
    request: SignedInRequest,
    permits: PermitQuerySet,
    names: tuple[str, ...],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    today = granting.today()
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in names else ""
    shown = permits.filter(permit_presentation.filter_of(chosen, today)).select_related("acceptance")
    page = BY_NUMBER.page(shown, request)
    record(Event.PERMITS_LISTED, by=request.user, about=request.user, rows=len(page.items))
    if names is ALL_FILTERS:
        rest = urlencode({"q": context["wanted"]}) if context["wanted"] else ""
        filters = permit_presentation.uncounted_filters(names, chosen, rest)
    else:
        filters = permit_presentation.filters(permits, names, chosen, today)
    context |= {
        "page": page,
        "rows": permit_presentation.rows(page.items, today),
        "filters": filters,
        "chosen": chosen,
    }
    return render(request, template, context)


@login_required
@require_safe
def detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """All of the permit in words, and what the reader can do with it."""
    permit = get_permit_for(request.user, pk)
    if request.user.is_official:
        record(Event.PERMIT_READ, by=request.user, about=permit)
    context = permit_presentation.permit_page(permit, request.user, granting.today())
    context |= {"token": uuid.uuid4(), "renewal_token": uuid.uuid4()}
    return render(request, "permits/permits/detail.html", context)


@keeping_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def accept(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The signing official reads the terms and conditions, and accepts them by name."""
    permit = get_permit_for(request.user, pk, "accept")
    if permit.is_accepted:  # the same form, sent twice; or a colleague was first
        return redirect("permits:permit", pk=permit.pk)
    form = AcceptForm(request.POST or kept_text(request), initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        return _act(
            request,
            permit,
            lambda: granting.accept(permit, by=request.user, name=name),
            _accepted(permit),
        )
    context = {"form": form, "permit": permit, "data": permit_presentation.data_of(permit.scopes)}
    context["begins_later"] = permit.valid_from > granting.today()
    return render(request, "permits/permits/accept.html", context)


def _accepted(permit: Permit) -> str:
    """What is said once it is accepted: under a permit that begins later nothing can be ordered yet."""
    if permit.status == states.SUSPENDED:
        return _("The permit has been accepted. It is still suspended.")
    if permit.valid_from > granting.today():
        text = _("The permit has been accepted. Orders can be made under it from %(day)s.")
        return text % {"day": day(permit.valid_from)}
    return _("The permit has been accepted. Orders can be made under it.")


CHANGES: dict[str, tuple[Callable[..., None], Any, Any]] = {
    "suspend": (
        granting.suspend,
        gettext_lazy("Suspend the permit"),
        gettext_lazy("The permit has been suspended."),
    ),
    "resume": (
        granting.resume,
        gettext_lazy("Let the permit be used again"),
        gettext_lazy("The permit can be used again."),
    ),
    "revoke": (
        granting.revoke,
        gettext_lazy("Revoke the permit"),
        gettext_lazy("The permit has been revoked."),
    ),
}
"""What an official does to a permit: the verb, its name, and what is said once it is done."""


@keeping_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def change(request: SignedInRequest, pk: uuid.UUID, act: str) -> HttpResponse:
    """Say what comes of it, ask for the reason; then suspend, resume or revoke."""
    permit = get_permit_for(request.user, pk)
    verb, title, done = CHANGES[act]
    form = ReasonForm(request.POST or kept_text(request))
    refusal, begins_later = _refusal(request, permit, act), permit.valid_from > granting.today()
    if refusal:
        form.add_error(None, refusal)
    elif request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if act == "resume" and begins_later:
            text = _("The permit is no longer suspended. It can be used from %(day)s.")
            done = text % {"day": day(permit.valid_from)}
        return _act(request, permit, lambda: verb(permit, by=request.user, reason=reason), done)
    context = {"form": form, "permit": permit, "act": act, "title": title, "refusal": refusal}
    context["begins_later"] = begins_later
    context["holder"] = permit_presentation.holder_of(permit)
    return render(request, "permits/permits/change.html", context, status=409 if refusal else 200)


def _refusal(request: SignedInRequest, permit: Permit, act: str) -> Any:
    """Why what was typed can't be done now: it is kept in the form. Without it the page leads back."""
    try:
        acts.check_permit(act, request.user, permit)
    except acts.NotNow as refusal:
        if request.method != "POST":
            raise
        return refusal.reason
    return None


def _act(request: SignedInRequest, permit: Permit, acting: Callable[[], Any], done: Any) -> HttpResponse:
    """Do it and go to the permit's page, which tells that it is done or why it was not."""
    try:
        acting()
    except Denied as denied:
        messages.error(request, denied.reason)
    except Conflict:
        messages.error(request, _("The permit has just changed. See below how it stands now."))
    else:
        messages.success(request, done)
    return redirect("permits:permit", pk=permit.pk)
