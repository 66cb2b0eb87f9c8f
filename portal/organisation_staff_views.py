"""The officials' pages of organisations: who waits for verification, all of them, and the verification."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal import organisation_states, organisations
from portal.access import Denied, SignedInRequest, reason_not_to, role_required
from portal.audit import record
from portal.events import Event
from portal.models import Organisation, OrganisationKind
from portal.organisation_access import get_organisation_for
from portal.organisation_forms import RefuseForm
from portal.organisation_views import TONES, fact_rows
from portal.paging import Keyset
from portal.roles import Role
from portal.states import Conflict

OLDEST_FIRST = Keyset(("created_at", "id"), (datetime.fromisoformat, uuid.UUID))
BY_NAME = Keyset(("name", "business_id"), (str, str))


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def staff_list(request: SignedInRequest) -> HttpResponse:
    """Who waits for verification, the first to come first; or every customer by name, searched."""
    customers = Organisation.objects.exclude(kind=OrganisationKind.REGISTRY)
    waiting = customers.filter(status=organisation_states.UNVERIFIED)
    shows_all, words = (
        request.GET.get("show") == "all",
        request.GET.get("q", "").replace("\0", "").strip()[:200],
    )
    page = (
        BY_NAME.page(_search(customers, words), request) if shows_all else OLDEST_FIRST.page(waiting, request)
    )
    record(Event.ORGANISATIONS_LISTED, by=request.user, about=request.user, rows=len(page.items))
    context = {
        "page": page,
        "rows": [(one, TONES[one.status]) for one in page.items],
        "shows_all": shows_all,
        "words": words,
        "waiting": waiting.count(),
    }
    return render(request, "organisations/staff_list.html", context)


def _search(customers: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    return customers.filter(Q(name__icontains=words) | Q(business_id=words)) if words else customers


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Compare the facts with the business register, then verify, or tell what has to be corrected."""
    organisation = get_organisation_for(request.user, pk)
    if request.POST.get("act") == "verify":
        return _verified(request, organisation)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisations.refuse(
                organisation,
                by=request.user,
                reason=form.cleaned_data["refused_reason"],
                seen=request.POST.get("seen"),
            )
        except (Denied, Conflict) as error:
            form.add_error(None, getattr(error, "reason", _("Another official was first.")))
        else:
            messages.success(request, _("The organisation has been told what to correct."))
            return redirect("organisations:staff_list")
    context = {
        "organisation": organisation,
        "form": form,
        "facts": fact_rows(organisation),
        "seen": organisations.fingerprint(organisation),
        "tone": TONES[organisation.status],
        "reason": reason_not_to(organisations.check_can_judge, organisation, request.user),
    }
    return render(request, "organisations/verify.html", context)


def _verified(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    try:
        organisations.verify(organisation, by=request.user, seen=request.POST.get("seen", ""))
    except Denied as denied:
        messages.error(request, denied.reason)
        return redirect("organisations:verify", pk=organisation.pk)
    messages.success(request, _("The organisation has been verified."))
    return redirect("organisations:staff_list")
