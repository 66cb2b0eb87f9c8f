"""The pages of one's own organisations: register, join, facts and members."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import members, organisations
from portal.access import Denied, SignedInRequest, reason_not_to
from portal.audit import record
from portal.events import Event
from portal.models import Membership, Organisation, User
from portal.organisation_access import (
    get_managed_organisation_for,
    get_organisation_for,
    get_own_organisation_for,
    is_manager,
)
from portal.organisation_forms import InviteForm, JoinForm, OrganisationForm, RolesForm
from portal.roles import Role
from portal.ui import SummaryRow

TONES = {"unverified": "info", "verified": "success", "refused": "warning"}
GET_OR_POST = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def my_organisations(request: SignedInRequest) -> HttpResponse:
    """The reader's organisations, invitations and requests, and the ways to a first one."""
    memberships = request.user.memberships.exclude(organisation__kind="registry")
    roles = _by_key(memberships.select_related("organisation"), lambda one: one.organisation)
    context = {
        "rows": [(one, TONES[one.status], names) for one, names in roles.items()],
        "invitations": members.open_invitations(request.user),
        "requests": request.user.join_requests.filter(decided_at=None).select_related("organisation"),
    }
    return render(request, "organisations/list.html", context)


@login_required
@require_http_methods(GET_OR_POST)
def register(request: SignedInRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = organisations.register(by=request.user, **form.facts())
        except (IntegrityError, ValidationError):  # another has registered it at the same moment
            form.add_error("business_id", _("An organisation with this business ID is already registered."))
        else:
            messages.success(request, _("The organisation has been registered."))
            return redirect("organisations:detail", pk=made.pk)
    existing = form.existing if form.is_bound and hasattr(form, "cleaned_data") else None
    return render(request, "organisations/register.html", {"form": form, "existing": existing})


@login_required
@require_http_methods(GET_OR_POST)
def join(request: SignedInRequest) -> HttpResponse:
    """Ask to join the organisation with a business ID."""
    form = JoinForm(request.POST or None, initial={"business_id": request.GET.get("business_id", "")})
    if request.method == "POST" and form.is_valid() and form.organisation is not None:
        try:
            members.request_to_join(form.organisation, by=request.user, text=form.cleaned_data["text"])
        except Denied as denied:
            form.add_error("business_id", denied.reason)
        else:
            told = _("Your request has been sent to %(name)s. We send you a message when it is answered.")
            messages.success(request, told % {"name": form.organisation.name})
            return redirect("organisations:list")
    return render(request, "organisations/join.html", {"form": form})


@login_required
@require_safe
def detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The organisation's facts, where its verification stands, and its members."""
    organisation = get_organisation_for(request.user, pk)
    if request.user.is_official:
        record(Event.ORGANISATION_READ, by=request.user, about=organisation, organisation=organisation.pk)
    memberships = organisation.memberships.select_related("user").order_by("user__name", "pk")
    roles = _by_key(memberships, lambda one: one.user)
    context: dict[str, Any] = {
        "organisation": organisation,
        "tone": TONES[organisation.status],
        "facts": fact_rows(organisation),
        "members": list(roles.items()),
        "is_own": request.user in roles,
        "is_manager": is_manager(request.user, organisation),
    }
    if context["is_manager"]:
        waiting = organisation.invitations.filter(accepted_at=None, withdrawn_at=None)
        context["invitations"] = [(one, [Role(role).label for role in one.roles]) for one in waiting]
        context["requests"] = organisation.join_requests.filter(decided_at=None).select_related("user")
    return render(request, "organisations/detail.html", context)


@login_required
@require_http_methods(GET_OR_POST)
def edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct the facts; after a refusal the organisation waits for verification again."""
    organisation = get_managed_organisation_for(request.user, pk)
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        stored = Organisation.objects.get(pk=pk)  # the form has written into its own instance
        done = _("The information has been saved.")
        return _act(
            request, stored, lambda: organisations.correct(stored, by=request.user, **form.facts()), done
        )
    return render(request, "organisations/edit.html", {"form": form, "organisation": organisation})


@login_required
@require_http_methods(GET_OR_POST)
def invite(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    organisation = get_managed_organisation_for(request.user, pk)
    form = InviteForm(request.POST or None, initial={"roles": [Role.APPLICANT]})
    if request.method == "POST" and form.is_valid():
        try:
            members.invite(organisation, by=request.user, **form.cleaned_data)
        except Denied as denied:
            form.add_error("email", denied.reason)
        else:
            messages.success(request, _("The invitation has been sent."))
            return redirect("organisations:detail", pk=pk)
    return render(request, "organisations/invite.html", {"form": form, "organisation": organisation})


@login_required
@require_POST
def withdraw(request: SignedInRequest, pk: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    organisation = get_managed_organisation_for(request.user, pk)
    found = get_object_or_404(organisation.invitations, pk=invitation)
    done = _("The invitation has been withdrawn.")
    return _act(request, organisation, lambda: members.withdraw_invitation(found, by=request.user), done)


@login_required
@require_http_methods(GET_OR_POST)
def answer(request: SignedInRequest, pk: uuid.UUID, asked: uuid.UUID) -> HttpResponse:
    """Admit the person who asked, with roles, or turn the request down."""
    organisation = get_managed_organisation_for(request.user, pk)
    waiting = get_object_or_404(organisation.join_requests.select_related("user"), pk=asked)
    if request.POST.get("act") == "turn_down":
        done = _("The request has been turned down.")
        return _act(request, organisation, lambda: members.turn_down(waiting, by=request.user), done)
    form = RolesForm(request.POST or None, initial={"roles": [Role.APPLICANT]})
    if request.method == "POST" and form.is_valid():
        roles = form.cleaned_data["roles"]
        done = _("The person is now a member.")
        return _act(request, organisation, lambda: members.admit(waiting, by=request.user, roles=roles), done)
    context = {"form": form, "organisation": organisation, "asked": waiting}
    return render(request, "organisations/answer.html", context)


@login_required
@require_http_methods(GET_OR_POST)
def member(request: SignedInRequest, pk: uuid.UUID, user: uuid.UUID) -> HttpResponse:
    """A member's roles, and the removal."""
    organisation = get_managed_organisation_for(request.user, pk)
    who = _member(organisation, user)
    roles = organisation.memberships.filter(user=who).values_list("role", flat=True)
    form = RolesForm(request.POST or None, initial={"roles": list(roles)})
    if request.POST.get("act") == "remove":
        done = _("The member has been removed.")
        return _act(
            request, organisation, lambda: members.remove_member(organisation, who, by=request.user), done
        )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["roles"]
        done = _("The roles have been saved.")
        return _act(
            request, organisation, lambda: members.set_roles(organisation, who, wanted, by=request.user), done
        )
    reason = reason_not_to(members.check_not_last_manager, organisation, who)
    context = {"form": form, "organisation": organisation, "member": who, "reason": reason}
    return render(request, "organisations/member.html", context)


@login_required
@require_http_methods(GET_OR_POST)
def leave(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask once more, then leave the organisation."""
    organisation = get_own_organisation_for(request.user, pk)
    if request.method == "POST":
        try:
            members.remove_member(organisation, request.user, by=request.user)
        except Denied as denied:
            messages.error(request, denied.reason)
            return redirect("organisations:detail", pk=pk)
        messages.success(request, _("You are no longer a member of the organisation."))
        return redirect("organisations:list")
    reason = reason_not_to(members.check_not_last_manager, organisation, request.user)
    return render(request, "organisations/leave.html", {"organisation": organisation, "reason": reason})


@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: to sign in or sign up, or to accept it."""
    found = members.invitation_with(token)
    reason, is_anothers = None, False
    if found is None or not found.is_open:
        reason = _("The invitation has been used or withdrawn, or it has expired. Ask for a new one.")
    elif isinstance(request.user, User):
        reason = reason_not_to(members.check_can_accept, found, request.user)
        is_anothers = not members.has_confirmed(request.user, found.email)
    context = {"invitation": found, "reason": reason, "is_anothers": is_anothers, "here": request.path}
    return render(request, "organisations/invitation.html", context, status=404 if found is None else 200)


@login_required
@require_POST
def accept(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept an invitation to an address of one's own; others' are not there."""
    found = next((one for one in members.open_invitations(request.user) if one.pk == pk), None)
    if found is None:
        raise Http404
    done = _("You are now a member of the organisation.")
    return _act(request, found.organisation, lambda: members.accept_invitation(found, by=request.user), done)


def fact_rows(organisation: Organisation) -> list[SummaryRow]:
    """The organisation's facts in words."""
    place = f"{organisation.postal_code} {organisation.post_office}".strip()
    address = ", ".join(filter(None, [organisation.street, place]))
    official = (organisation.signing_official_name, organisation.signing_official_title)
    return [
        SummaryRow(_("Business ID"), organisation.business_id),
        SummaryRow(_("Kind"), organisation.get_kind_display()),
        SummaryRow(_("Address"), address or "–"),
        SummaryRow(_("Signing official"), ", ".join(filter(None, official)) or "–"),
    ]


def _member(organisation: Organisation, user: uuid.UUID) -> User:
    return get_object_or_404(User.objects.filter(memberships__organisation=organisation).distinct(), pk=user)


def _by_key(memberships: Iterable[Membership], key: Callable[[Membership], Any]) -> dict[Any, list[str]]:
    """The names of the roles by user or by organisation."""
    found: dict[Any, list[str]] = {}
    for one in memberships:
        found.setdefault(key(one), []).append(one.get_role_display())
    return found


def _act(
    request: SignedInRequest, organisation: Organisation, acting: Callable[[], Any], done: str
) -> HttpResponse:
    """Do it and go to the organisation's page, which tells that it is done or why it was not."""
    try:
        with transaction.atomic():
            acting()
    except Denied as denied:
        messages.error(request, denied.reason)
    except (IntegrityError, ValidationError):  # another has registered the business ID at the same moment
        messages.error(request, _("An organisation with this business ID is already registered."))
    else:
        messages.success(request, done)
    return redirect("organisations:detail", pk=organisation.pk)
