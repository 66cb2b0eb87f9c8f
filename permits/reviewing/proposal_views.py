"""Proposing a decision, giving the proposal back, and deciding."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from permits import acts, granting, handling
from permits.decision_rows import content_rows
from permits.documents import document_texts
from permits.form import answers, form_spec
from permits.leading_back import leading_back
from permits.models import Application, Proposal
from permits.reviewing import review_presentation
from permits.reviewing.case_pages import ActPage, act_page, attempt, get_case, show
from permits.reviewing.forms import CaseForm, ReturnForm
from permits.reviewing.proposal_forms import ProposalForm
from permits.reviewing.views import FORM_METHODS
from portal.access import Denied, SignedInRequest, reason_not_to
from portal.typed_text import keeping_typed_text, kept_text


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def propose(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the proposal, look at what it would decide, and make it."""
    application = get_case(request, pk)
    form = _proposal_form(request, application)
    act = request.POST.get("act")
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and act != "change" and form.is_valid():
        preview = _preview(application, form, request)
        if preview is not None and act == "propose":
            refusal = attempt(application, form, _verb(application, form, request))
            if refusal is None:
                messages.success(request, _("The proposal has been made. Another official decides."))
                return redirect("permits:review", pk=pk)
            context, status = refusal, 409
        elif preview is not None:
            context["preview"] = preview
    return _proposal_page(request, application, form, context, status)


def _proposal_form(request: SignedInRequest, application: Application) -> ProposalForm:
    latest = application.latest
    kwargs: dict[str, Any] = {
        "application": application,
        "answers": latest.answers if latest else {},
        "data": request.POST or kept_text(request),
    }
    returned = application.proposals.exclude(returned_by=None).last()
    return ProposalForm.after(returned, **kwargs) if returned else ProposalForm(**kwargs)


def _verb(application: Application, form: ProposalForm, request: SignedInRequest) -> Any:
    return lambda seen, **_fields: handling.propose(application, by=request.user, seen=seen, **form.content())


def _preview(application: Application, form: ProposalForm, request: SignedInRequest) -> Any:
    """What would be decided, in rows; None, with the reason in the form, where it can't be proposed."""
    submission = application.latest
    assert submission is not None  # noqa: S101  (what is reviewed was submitted)
    draft = Proposal(application=application, submission=submission, made_by=request.user, **form.content())
    try:
        granting.check_content(draft)
    except Denied as denied:
        denied.tell(form)
        return None
    return {"content": draft, "rows": content_rows(draft, submission)}


def _proposal_page(
    request: SignedInRequest,
    application: Application,
    form: ProposalForm,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    latest = application.latest
    wanted = latest.answers if latest else {}
    context |= {
        "form": form,
        "reason": reason_not_to(acts.check, "propose", request.user, application),
        "points": review_presentation.points(application),
        "open_points": review_presentation.open_points(application),
        "common_reason": form_spec.clean(wanted).get("reasons_common", ""),
        "wanted": answers.wanted_words(wanted),
        "appeal": document_texts.appeal_instructions(),
        "returned": review_presentation.returned_proposal(application),
    }
    return show(request, application, "permits/review/propose.html", context, status)


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def return_proposal(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the proposal back to its preparer with a reason, or take back one's own."""
    application = get_case(request, pk)
    form = ReturnForm(request.POST or kept_text(request), application=application)
    is_own = application.proposals.filter(ended_at=None, made_by=request.user).exists()
    title = _("Take the proposal back") if is_own else _("Return the proposal")
    intro = _("The application goes back to be reviewed. The preparer sees the reason and can propose anew.")
    page = ActPage("return_proposal", title, title, intro)
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda **data: handling.return_proposal(application, by=request.user, **data),
        done=_("The proposal has been taken back.") if is_own else _("The proposal has been returned."),
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def decide(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Look at the whole proposal and decide as it says, as another person than its preparer."""
    application = get_case(request, pk)
    form = CaseForm(request.POST or kept_text(request), application=application)
    page = ActPage("decide", _("Decision"), _("Decide as proposed"), template="permits/review/decide.html")
    extra = review_presentation.verdict(application) | {
        "points": review_presentation.points(application),
        "open_points": review_presentation.open_points(application),
        "statements": application.statements.exclude(answered_at=None).select_related("asked_of"),
        "appeal": document_texts.appeal_instructions(),
    }
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda seen: handling.decide(application, by=request.user, seen=seen),
        done=_("The application has been decided. The applicant is told by e-mail."),
        extra=extra,
    )
