"""Standing permits for classes of organisations: one official prepares, another decides."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permits import granting
from permits.holding import permit_presentation
from permits.holding.standing_forms import LANGUAGES, MUST_LANGUAGES, TEXTS, StandingForm
from permits.models import Permit, StandingPermitDraft
from portal.access import Denied, SignedInRequest, reason_not_to, role_required
from portal.audit import record
from portal.events import Event
from portal.models import OrganisationKind
from portal.roles import Role
from portal.typed_text import keeping_typed_text, kept_text


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def standing_list(request: SignedInRequest) -> HttpResponse:
    """The standing permits in their newest versions, and what waits for a decision."""
    today = granting.today()
    standing = Permit.objects.filter(organisation=None).latest_versions(today)
    found = list(standing.select_related("organisation"))
    record(Event.PERMITS_LISTED, by=request.user, about=request.user, rows=len(found))
    waiting = StandingPermitDraft.objects.filter(decided_at=None, discarded_at=None)
    context = {
        "rows": permit_presentation.rows(found, today),
        "waiting": [(one, kinds_of(one)) for one in waiting.select_related("prepared_by")],
        "may_prepare": Role.OFFICIAL in request.user.role_names,
    }
    return render(request, "permits/permits/standing_list.html", context)


def kinds_of(draft: StandingPermitDraft) -> str:
    return ", ".join(str(OrganisationKind(kind).label) for kind in draft.organisation_kinds)


def texts_of(draft: StandingPermitDraft) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each text of the permit in every language: (title, [(language, text)]). Who decides, decides them all.

    One in English is shown where there is one; where Finnish or Swedish is missing, that is shown.
    """
    return [
        (
            title,
            [(code, texts.get(code, "")) for code in LANGUAGES if code in MUST_LANGUAGES or code in texts],
        )
        for title, texts in ((title, getattr(draft, name)) for name, title in TEXTS.items())
    ]


@keeping_typed_text
@role_required(Role.OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedInRequest) -> HttpResponse:
    """Prepare a new standing permit, or the next version of the one in `replaces`."""
    replaces = _replaced(request)
    form = StandingForm(request.POST or kept_text(request), replaces=replaces, initial=_from_today())
    if request.method == "POST" and form.is_valid():
        try:
            draft = granting.prepare_standing(by=request.user, **form.content())
        except Denied as denied:
            denied.tell(form)
        else:
            messages.success(request, _("The permit waits for another official's decision."))
            return redirect("permits:standing_draft", pk=draft.pk)
    return render(request, "permits/permits/standing_form.html", {"form": form, "replaces": replaces})


def _from_today() -> dict[str, Any]:
    return {"valid_from": granting.today()}


def _replaced(request: SignedInRequest) -> Permit | None:
    wanted = request.GET.get("replaces")
    if not wanted:
        return None
    try:
        return get_object_or_404(Permit, pk=wanted, organisation=None)
    except ValidationError:
        raise Http404 from None


@role_required(Role.OFFICIAL, Role.ADMIN)
@require_safe
def draft(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """All of a prepared permit, for the official who decides it."""
    found = get_object_or_404(StandingPermitDraft.objects.select_related("terms", "permit"), pk=pk)
    if found.permit is not None:
        return redirect("permits:permit", pk=found.permit.pk)
    record(Event.PERMIT_READ, by=request.user, about=found)
    context = {
        "draft": found,
        "kinds": kinds_of(found),
        "data": permit_presentation.data_of(found.scopes),
        "texts": texts_of(found),
        "reason": reason_not_to(granting.check_can_decide, found, request.user),
        "is_open": found.discarded_at is None,
    }
    return render(request, "permits/permits/standing_draft.html", context)


@role_required(Role.OFFICIAL)
@require_POST
def decide(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Grant a permit that another official has prepared."""
    found = get_object_or_404(StandingPermitDraft, pk=pk)
    done = _("The permit has been granted.")
    return _act(request, found, lambda: granting.decide_standing(found, by=request.user), done)


@role_required(Role.OFFICIAL)
@require_POST
def discard(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a prepared permit up."""
    found = get_object_or_404(StandingPermitDraft, pk=pk)
    done = _("The prepared permit has been given up.")
    return _act(request, found, lambda: granting.discard_standing(found, by=request.user), done)


def _act(
    request: SignedInRequest, found: StandingPermitDraft, acting: Callable[[], Any], done: str
) -> HttpResponse:
    try:
        acting()
    except Denied as denied:
        messages.error(request, denied.reason)
    else:
        messages.success(request, done)
    return redirect("permits:standing_draft", pk=found.pk)
