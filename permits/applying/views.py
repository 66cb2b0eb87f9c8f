"""The applicant's pages of an application: list, start, how it stands, withdraw, print."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from permits import acts, handling, states, words, workflow
from permits.access import get_application_for, get_permit_for, visible_applications
from permits.applying import application_pages
from permits.applying.forms import EMPTY, MessageForm, SectionForm, StartForm
from permits.form import form_spec
from permits.form.form_spec import clean
from permits.leading_back import leading_back
from permits.models import Application, Permit
from portal.access import Denied, SignedInRequest, organisations_of, reason_not_to
from portal.audit import record
from portal.calendar import local_day
from portal.events import Event
from portal.models import Organisation, User
from portal.paging import Keyset
from portal.states import Conflict
from portal.typed_text import keeping_typed_text, kept_text

NEWEST_FIRST = Keyset(("serial",), (int,), descending=True)
COPIES = 10
"""How many of the newest applications are offered for copying."""


def get_readable(user: User, pk: uuid.UUID) -> Application:
    """The application, for its applicant, a reader, or an official; 404 for a stranger."""
    try:
        return get_application_for(user, pk)
    except Denied:
        return get_application_for(user, pk, "review")


@login_required
@require_safe
def application_list(request: SignedInRequest) -> HttpResponse:
    """Those that one applies with or may read; an official's queue is a page of its own."""
    found = visible_applications(request.user)
    if request.user.is_official:
        found = found.filter(received_on__isnull=False, status=states.DRAFT)
    page = NEWEST_FIRST.page(found.with_outcome(), request)
    record(Event.APPLICATIONS_LISTED, by=request.user, about=request.user, rows=len(page.items))
    today = local_day(timezone.now())
    rows = [
        {
            "application": one,
            "name": clean(one.answers).get("register_name", ""),
            "tone": application_pages.TONES[one.status],
            "due": words.row_words(one, today),
        }
        for one in page.items
    ]
    return render(request, "permits/applications/list.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def new(request: SignedInRequest) -> HttpResponse:
    """Choose the organisation, what to begin with and the language; or begin a permit's change."""
    organisations = organisations_of(request.user)
    if not organisations:
        raise Denied(_("To apply for a permit you need the role of applicant in a customer organisation."))
    if request.method == "POST" and "permit" in request.POST:
        return _change_of_permit(request)
    organisation = _chosen(request, organisations)
    context: dict[str, Any] = {"organisations": organisations, "organisation": organisation}
    if organisation is not None:
        language = "sv" if get_language() == "sv" else "fi"
        initial = {"token": uuid.uuid4(), "language": language, "copy_of": request.GET.get("copy", EMPTY)}
        typed = {"copy_of": EMPTY, **request.POST.dict()} if request.method == "POST" else None
        form = StartForm(typed, initial=initial, earlier=_earlier(request, organisation))
        if request.method == "POST" and form.is_valid():
            return _begun(request, organisation, form.cleaned_data)
        context["form"] = form
    return render(request, "permits/applications/new.html", context)


def _chosen(request: SignedInRequest, organisations: list[Organisation]) -> Organisation | None:
    """The only organisation, or that in the address."""
    if len(organisations) == 1:
        return organisations[0]
    wanted = request.GET.get("organisation")
    return next((one for one in organisations if str(one.pk) == wanted), None)


def _earlier(request: SignedInRequest, organisation: Organisation) -> list[Application]:
    """What can be copied: the newest applications, and that which the address names."""
    own = Application.objects.filter(organisation=organisation).order_by("-serial")
    found = list(own[:COPIES])
    try:
        named = own.filter(pk=uuid.UUID(request.GET.get("copy", ""))).exclude(
            pk__in=[one.pk for one in found]
        )
    except ValueError:
        return found
    return [*found, *named]


def _begun(request: SignedInRequest, organisation: Organisation, chosen: dict[str, Any]) -> HttpResponse:
    copy = chosen.get("copy_of", EMPTY)
    try:
        application = workflow.create(
            by=request.user,
            organisation=organisation,
            token=chosen["token"],
            copy_of=get_application_for(request.user, uuid.UUID(copy), "copy") if copy != EMPTY else None,
            language=chosen["language"],
        )
    except Conflict:
        raise Http404 from None
    return redirect("permits:form", pk=application.pk)


def _change_of_permit(request: SignedInRequest) -> HttpResponse:
    """Begin a change or a renewal from the permit's page: `permit`, `kind` and `token` are posted."""
    try:
        permit_id, token = (uuid.UUID(request.POST.get(name, "")) for name in ("permit", "token"))
    except ValueError:
        raise Http404 from None
    kind = request.POST.get("kind")
    kind = kind if kind == Application.Kind.RENEWAL else Application.Kind.AMENDMENT
    permit: Permit = get_permit_for(
        request.user, permit_id, "renew" if kind == Application.Kind.RENEWAL else "amend"
    )
    if permit.organisation is None:
        raise Denied(_("A standing permit is changed by the registry alone."))
    language = "sv" if get_language() == "sv" else "fi"
    try:
        application = workflow.create(
            by=request.user,
            organisation=permit.organisation,
            token=token,
            kind=kind,
            amends=permit,
            language=language,
        )
    except Conflict:
        raise Http404 from None
    return redirect("permits:form", pk=application.pk)


@login_required
@require_safe
def detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """How the application stands, until when, the messages, and what was decided."""
    application = get_application_for(request.user, pk)
    return _detail(request, application, MessageForm())


def _detail(request: SignedInRequest, application: Application, form: MessageForm) -> HttpResponse:
    if not application.organisation.memberships.filter(user=request.user).exists():
        record(Event.APPLICATION_READ, by=request.user, about=application)
    context = application_pages.status_page(application, request.user) | {
        "application": application,
        "form": form,
        "sections": application_pages.answered_sections(application),
        "attachments": application_pages.attachment_rows(application),
        "withdraw_reason": reason_not_to(acts.check, "withdraw", request.user, application),
    }
    return render(request, "permits/applications/detail.html", context)


@keeping_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def message(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Write to the other side: an applicant to the registry, an official to the applicant."""
    application = get_application_for(request.user, pk, "message")
    is_official = acts.Party.HANDLER in acts.application_parties(request.user, application)
    page = "permits:review" if is_official else "permits:application"
    form = MessageForm(request.POST or kept_text(request), to_applicant=is_official)
    if request.method == "POST" and form.is_valid():
        handling.message(application, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("The message has been sent."))
        return redirect(page, pk=pk)
    context = {"application": application, "form": form, "back_url": reverse(page, args=[pk])}
    return render(request, "permits/applications/message.html", context)


@login_required
@require_safe
def receipt(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """What was submitted and when the decision comes."""
    application = get_application_for(request.user, pk)
    if application.latest is None:
        raise Http404
    clock = words.clock_of(application, local_day(timezone.now()))
    context = {
        "application": application,
        "submission": application.latest,
        "due": words.due_sentence(clock),
    }
    return render(request, "permits/applications/receipt.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def withdraw(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask once more, then take the application back."""
    application = get_application_for(request.user, pk)
    if application.status == states.WITHDRAWN:  # the same form, sent twice
        return redirect("permits:application", pk=pk)
    acts.check("withdraw", request.user, application)
    if request.method != "POST":
        return render(request, "permits/applications/withdraw.html", {"application": application})
    try:
        workflow.withdraw(application, by=request.user)
    except (Denied, Conflict):
        messages.error(request, _("The application has just changed. See below how it stands now."))
    else:
        messages.success(request, _("The application has been withdrawn."))
    return redirect("permits:application", pk=pk)


@login_required
@require_safe
def printed(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole application on one page, for paper."""
    application = get_readable(request.user, pk)
    if not application.organisation.memberships.filter(user=request.user).exists():
        record(Event.APPLICATION_READ, by=request.user, about=application)
    context = {
        "application": application,
        "sections": application_pages.answered_sections(application, given=_for(request.user, application)),
        "attachments": application_pages.attachment_rows(application),
        "organisation_rows": application_pages.organisation_rows(application),
    }
    return render(request, "permits/applications/print.html", context)


def _for(user: User, application: Application) -> Mapping[str, Any] | None:
    """What an official sees: the latest submission, not what the applicant is changing in it."""
    if "review" not in acts.allowed(user, application) or application.latest is None:
        return None
    return application.latest.answers


@require_safe
def blank_form(request: HttpRequest) -> HttpResponse:
    """All the questions with room for the answers, to fill in on paper. Anybody may take it."""
    forms = [(section, SectionForm(section, {}).blocks) for section in form_spec.SECTIONS]
    return render(request, "permits/applications/blank.html", {"sections": forms})
