"""Filling in an application: the task list, a page for each section, the review, the submission."""

import uuid
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permits import acts, workflow
from permits.access import get_application_for
from permits.applying import application_pages
from permits.applying.forms import SectionForm, SubmitForm, read_section
from permits.form import answers, form_spec
from permits.form.form_spec import Section
from permits.leading_back import leading_back
from permits.models import Application, Terms
from permits.workflow import Changed
from portal.access import Denied, SignedInRequest, View, reason_not_to
from portal.models import User
from portal.templatetags.components import moment
from portal.typed_text import keeping_typed_text, kept_text
from portal.ui import SummaryRow


def while_editable(view: View) -> View:
    """Once the application can't be edited any more, a page of the form leads to how it stands."""

    @wraps(view)
    def wrapped(request: SignedInRequest, pk: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            application = get_application_for(request.user, pk)
            reason = reason_not_to(acts.check, "edit", request.user, application)
            if reason and application.status not in acts.WRITABLE:
                messages.info(request, reason)
                return redirect("permits:application", pk=pk)
        return view(request, pk, *args, **kwargs)

    return wrapped


@login_required
@require_safe
@while_editable
@leading_back
def form(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The sections as a task list."""
    application = get_application_for(request.user, pk, "edit")
    context = {
        "application": application,
        "tasks": application_pages.tasks(application),
        "missing": len(form_spec.problems(application.answers)),
        "information": application.information_requests.filter(ended_at=None).first(),
        "allowed": acts.allowed(request.user, application),
    }
    return render(request, "permits/applications/form.html", context)


@keeping_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
@while_editable
@leading_back
def section(request: SignedInRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One section's questions. What is typed is saved as it is; what is missing is told."""
    application = get_application_for(request.user, pk, "edit")
    spec = _section(name)
    if request.method == "POST":
        return _save(request, application, spec)
    kept = kept_text(request)
    shown = application.answers
    if kept is not None:
        shown = shown | read_section(spec, kept, shown)
    problems = form_spec.problems(application.answers) if "check" in request.GET else []
    form = SectionForm(spec, shown, problems)
    return _page(request, application, form, kept=kept is not None, checked="check" in request.GET)


def _section(name: str) -> Section:
    if name not in form_spec.SECTIONS_BY_NAME:
        raise Http404
    return form_spec.SECTIONS_BY_NAME[name]


def _save(request: SignedInRequest, application: Application, spec: Section) -> HttpResponse:
    typed = read_section(spec, request.POST, application.answers)
    if package := request.POST.get("choose"):
        chosen = {"package": "own", "fields_person": form_spec.package_fields(package)}
        return _page(request, application, SectionForm(spec, application.answers | typed | chosen))
    try:
        workflow.save_section(
            application, by=request.user, section=spec.name, answers=typed, seen=_seen(request)
        )
    except Changed as changed:
        form = SectionForm(spec, application.answers | typed)
        return _page(request, application, form, conflict=_conflict(spec, changed, typed))
    return redirect(_next_url(request, application, spec))


def _seen(request: SignedInRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None


def _next_url(request: SignedInRequest, application: Application, spec: Section) -> str:
    """Where to go after saving: back, on, or to the same page again where something is missing."""
    act = request.POST.get("act")
    if act == "back":
        return reverse("permits:form", args=[application.pk])
    missing = any(one.section == spec.name for one in form_spec.problems(application.answers))
    if missing and act != "later":
        return f"{reverse('permits:section', args=[application.pk, spec.name])}?check=1"
    names = list(form_spec.SECTIONS_BY_NAME)
    following = names[names.index(spec.name) + 1 :]
    if not following:
        return reverse("permits:attachments", args=[application.pk])
    return reverse("permits:section", args=[application.pk, following[0]])


def _page(
    request: SignedInRequest, application: Application, form: SectionForm, **context: Any
) -> HttpResponse:
    names = list(form_spec.SECTIONS_BY_NAME)
    context |= {
        "application": application,
        "form": form,
        "section": form.section,
        "number": names.index(form.section.name) + 1,
        "count": len(names),
        "seen": application.saved.get(form.section.name, {}).get("n", 0),
        "organisation_rows": application_pages.organisation_rows(application),
    }
    return render(request, "permits/applications/section.html", context)


def _conflict(spec: Section, changed: Changed, typed: dict[str, Any]) -> dict[str, Any]:
    """Who saved when, and where their answers differ from what was typed."""
    rows = []
    for question in spec.questions:
        theirs = answers.words(question, form_spec.read(question, changed.answers.get(question.name)))
        if theirs != answers.words(question, typed.get(question.name)):
            rows.append(SummaryRow(question.label, theirs or _("No answer")))
    return {"text": _conflict_words(changed), "rows": rows}


def _conflict_words(changed: Changed) -> str:
    who = User.objects.filter(pk=changed.by).first()
    when = moment(datetime.fromisoformat(changed.at))
    return _("%(name)s saved this section on %(moment)s, after you opened it.") % {
        "name": who or _("A colleague"),
        "moment": when,
    }


@login_required
@require_POST
def autosave(request: SignedInRequest, pk: uuid.UUID, name: str) -> JsonResponse:
    """Save what is typed meanwhile: {"seen", "text"}, or 409 and {"text"} where a colleague has saved."""
    application = get_application_for(request.user, pk, "edit")
    spec = _section(name)
    typed = read_section(spec, request.POST, application.answers)
    try:
        seen = workflow.save_section(
            application, by=request.user, section=spec.name, answers=typed, seen=_seen(request)
        )
    except Changed as changed:
        text = _("Not saved. %(reason)s Press “Save and continue” to see both versions.")
        return JsonResponse({"text": text % {"reason": _conflict_words(changed)}}, status=409)
    return JsonResponse({"seen": seen, "text": application_pages.saved_words(timezone.now())})


@login_required
@require_safe
@while_editable
@leading_back
def check(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """All the answers from the same data as the form, with what is missing."""
    application = get_application_for(request.user, pk, "edit")
    context = {
        "application": application,
        "sections": application_pages.answered_sections(application, change=True),
        "attachments": application_pages.attachment_rows(application),
        "organisation_rows": application_pages.organisation_rows(application),
        "missing": application_pages.missing_links(application),
        "wanted": answers.wanted_words(form_spec.clean(application.answers)),
    }
    return render(request, "permits/applications/check.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def submit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The terms, and the commitment by name. Sent twice, it submits once."""
    application = get_application_for(request.user, pk)
    if "submit" not in acts.allowed(request.user, application):
        if request.method == "POST" and application.latest and application.latest.by == request.user:
            return redirect("permits:receipt", pk=pk)
        acts.check("submit", request.user, application)
    terms = Terms.objects.latest("published_on")
    shown = application_pages.fingerprint(application, terms)
    signer = application.answers.get("signing_name", "") if application.is_on_paper else request.user.name
    initial = {"seen": shown, "committed_by": signer}
    form = SubmitForm(request.POST or None, initial=initial, on_paper=application.is_on_paper)
    if request.method == "POST" and form.is_valid() and _submitted(request, application, form, terms):
        return redirect("permits:receipt", pk=pk)
    context = {
        "application": application,
        "form": form,
        "terms": terms,
        "reason": reason_not_to(workflow.check_can_submit, application, request.user),
        "missing": application_pages.missing_links(application),
    }
    return render(request, "permits/applications/submit.html", context)


def _submitted(request: SignedInRequest, application: Application, form: SubmitForm, terms: Terms) -> bool:
    """Submit if the application is still what the page showed; else the form says why not."""
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        application.refresh_from_db()
        now = application_pages.fingerprint(application, terms)
        if form.cleaned_data["seen"] == now:
            try:
                workflow.submit(application, by=request.user, committed_by=form.cleaned_data["committed_by"])
            except Denied as denied:
                form.add_error(None, denied.reason)
                return False
            return True
    form.data = request.POST.dict() | {"seen": now}
    form.add_error(
        None, _("The application changed after you opened this page. Check it again and submit it then.")
    )
    return False
