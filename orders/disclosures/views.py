"""The officials' pages of the disclosure register: search on a ground, result, list of the searches made."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from orders import oversight_states as states
from orders.disclosures import searches
from orders.disclosures.forms import SearchForm
from orders.models import DisclosureSearch
from portal.access import Denied, SignedInRequest, role_required
from portal.audit import record
from portal.events import Event
from portal.paging import PAGE_ROWS, Keyset
from portal.roles import Role
from portal.ui import Tone

TONES: dict[str, Tone] = {
    states.SEARCHED: "info",
    states.FOUND: "success",
    states.FAILED: "error",
    states.EXPIRED: "neutral",
}
NEWEST_FIRST = Keyset(("asked_at", "id"), (datetime.fromisoformat, uuid.UUID), descending=True)
OWN = 20


@sensitive_post_parameters("codes")
@role_required(Role.OFFICIAL, Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def search_disclosures(request: SignedInRequest) -> HttpResponse:
    """Ask for a search. The code comes by POST alone, goes on to a worker, and is in no address or log."""
    form = SearchForm(request.POST or None, initial={"token": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        search = searches.ask(
            by=request.user,
            ground=form.cleaned_data["ground"],
            reference=form.cleaned_data["reference"],
            codes=form.cleaned_data["codes"],
            token=form.cleaned_data["token"],
        )
        return redirect("orders:search", pk=search.pk)
    own = DisclosureSearch.objects.filter(asked_by=request.user).defer("result")[:OWN]
    context = {"form": form, "own": [(search, TONES[search.status]) for search in own]}
    return render(request, "orders/oversight/search_form.html", context)


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
@never_cache
def search(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """How the search stands, and its result while it is kept. Each reading of the result is audited."""
    found = searches.get_search_for(request.user, pk)
    context: dict[str, Any] = {
        "search": found,
        "tone": TONES[found.status],
        "running": found.status == states.SEARCHED,
        "readable": searches.is_readable(found),
        "expires_at": searches.expires_at(found),
    }
    if context["readable"]:
        context |= _page(request, found)
        record(Event.DISCLOSURE_RESULT_READ, by=request.user, about=found, rows=len(context["hits"]))
    return render(request, "orders/oversight/search.html", context)


def _page(request: SignedInRequest, found: DisclosureSearch) -> dict[str, Any]:
    """The page of the result that the address asks for."""
    wanted = request.GET.get("page", "1")
    last = max(1, -(-len(found.result) // PAGE_ROWS))
    number = (
        min(max(int(wanted), 1), last) if wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 1
    )
    start = (number - 1) * PAGE_ROWS
    return {
        "hits": searches.hits(found.result[start : start + PAGE_ROWS]),
        "previous_url": f"?page={number - 1}" if number > 1 else None,
        "next_url": f"?page={number + 1}" if number < last else None,
    }


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
@never_cache
def search_csv(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The result for the official's case file, while it is kept."""
    found = searches.get_search_for(request.user, pk)
    if not searches.is_readable(found):
        raise Denied(_("The result is no longer kept. Search again if you need it."))
    record(Event.DISCLOSURE_RESULT_READ, by=request.user, about=found, rows=len(found.result), form="csv")
    response = HttpResponse("\ufeff" + searches.as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="disclosures-{str(found.pk)[:8]}.csv"'
    return response


@role_required(Role.ADMIN)
@require_safe
@never_cache
def all_searches(request: SignedInRequest) -> HttpResponse:
    """Every search that has been made, for who oversees the officials; no result and no code."""
    rows = DisclosureSearch.objects.select_related("asked_by").defer("result")
    page = NEWEST_FIRST.page(rows, request)
    record(Event.DISCLOSURE_SEARCHES_LISTED, by=request.user, about=request.user, rows=len(page.items))
    context = {"page": page, "rows": [(one, TONES[one.status]) for one in page.items]}
    return render(request, "orders/oversight/searches.html", context)
