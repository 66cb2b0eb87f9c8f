"""The officials' pages of applications: the queue, a case, and what is done with it."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from permits import handling
from permits.leading_back import leading_back
from permits.models import Statement
from permits.reviewing import review_presentation
from permits.reviewing.case_pages import ActPage, act_page, get_case, show
from permits.reviewing.forms import (
    AskInformationForm,
    AskStatementForm,
    CaseForm,
    ChecklistForm,
    GoOnForm,
    NoteForm,
    StatementForm,
    TakeForm,
)
from portal.access import SignedInRequest
from portal.typed_text import keeping_typed_text, kept_text

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
@leading_back
def case(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole case on one page."""
    application = get_case(request, pk)
    return show(
        request,
        application,
        "permits/review/case.html",
        review_presentation.case_page(application, request.user)
        | {"note_form": NoteForm(application=application)},
    )


@login_required
@require_safe
@leading_back
def submission(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What was submitted then, with what had changed since the submission before."""
    application = get_case(request, pk)
    one = get_object_or_404(application.submissions.select_related("by"), number=number)
    earlier = application.submissions.filter(number=number - 1).first()
    context = {
        "submission": one,
        "earlier": earlier,
        "sections": review_presentation.sections(one, earlier),
        "files": review_presentation.submitted_files(application, one),
    }
    return show(request, application, "permits/review/submission.html", context)


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def take(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the case, or give it to another official."""
    application = get_case(request, pk)
    initial = {"handler": application.handler or request.user}
    form = TakeForm(request.POST or kept_text(request), application=application, initial=initial)
    page = ActPage(
        "take",
        _("Handler"),
        _("Save the handler"),
        _("The handler reviews the application and prepares the decision. A new handler is told by e-mail."),
    )
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda **data: handling.take(application, by=request.user, **data),
        done=_("The handler has been saved."),
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def ask_information(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the applicant for more; the clock stands still meanwhile."""
    application = get_case(request, pk)
    form = AskInformationForm(request.POST or kept_text(request), application=application)
    page = ActPage(
        "ask_information",
        _("Ask for more information"),
        _("Send the request"),
        _("The clock stands still until the applicant has answered, and the form opens for changes."),
    )
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda **data: handling.ask_information(application, by=request.user, **data),
        done=_("The request has been sent. The clock stands still until the answer."),
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def go_on(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on without the applicant's answer, for a reason that the applicant sees."""
    application = get_case(request, pk)
    form = GoOnForm(request.POST or kept_text(request), application=application)
    page = ActPage(
        "go_on",
        _("Go on without an answer"),
        _("Go on with the review"),
        _("The clock runs again from today, and the applicant can't change the application any more."),
    )
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda **data: handling.go_on(application, by=request.user, **data),
        done=_("The review goes on, and the clock runs again."),
        extra={"asked": application.information_requests.filter(ended_at=None).first()},
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def note(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """A private note, for officials alone."""
    application = get_case(request, pk)
    form = NoteForm(request.POST or kept_text(request), application=application)
    page = ActPage("note", _("Private note"), _("Save the note"))
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda text, seen: handling.note(application, by=request.user, text=text),
        done=_("The note has been saved."),
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def points(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The checklist as a form."""
    application = get_case(request, pk)
    form = ChecklistForm(request.POST or kept_text(request), application=application)
    page = ActPage("check", _("Checklist"), _("Save the checklist"), template="permits/review/checklist.html")

    def mark(seen: Any, **_fields: Any) -> None:
        handling.mark(application, by=request.user, marks=form.marks, seen=seen)

    return act_page(request, application, form, page, verb=mark, done=_("The checklist has been saved."))


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def ask_statement(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask another official for a statement."""
    application = get_case(request, pk)
    form = AskStatementForm(request.POST or kept_text(request), application=application, by=request.user)
    page = ActPage(
        "ask_statement",
        _("Ask for a statement"),
        _("Send the request"),
        _("Another official of the registry gives an opinion. The applicant does not see it."),
    )
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda seen, **data: handling.ask_statement(application, by=request.user, **data),
        done=_("The statement has been asked for."),
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def give_statement(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Give the statement that was asked of oneself."""
    application = get_case(request, pk)
    statement = get_object_or_404(Statement, pk=number, application=application)
    form = StatementForm(request.POST or kept_text(request), application=application)
    page = ActPage("give_statement", _("Give a statement"), _("Give the statement"))
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda answer, seen: handling.give_statement(statement, by=request.user, answer=answer),
        done=_("The statement has been given."),
        extra={"statement": statement},
    )


@keeping_typed_text
@require_http_methods(FORM_METHODS)
@leading_back
def cancel_statement(request: SignedInRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Do without a statement that was asked for."""
    application = get_case(request, pk)
    statement = get_object_or_404(Statement, pk=number, application=application)
    form = CaseForm(request.POST or kept_text(request), application=application)
    page = ActPage(
        "ask_statement", _("Cancel the request for a statement"), _("Cancel the request"), variant="danger"
    )
    return act_page(
        request,
        application,
        form,
        page,
        verb=lambda seen: handling.cancel_statement(statement, by=request.user),
        done=_("The request for a statement has been cancelled."),
        extra={"statement": statement},
    )
