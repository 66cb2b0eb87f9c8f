"""How an official's page of a case is fetched, shown and acted on; all pages of `review_views` go through it.

A refusal never costs what was typed: the page comes back with it, with the reason or with what has
been done meanwhile, and can be sent again.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from permits import acts
from permits.access import get_application_for
from permits.handling import Overtaken
from permits.models import Application
from permits.reviewing import history, review_presentation
from permits.reviewing.forms import CaseForm
from portal.access import Denied, SignedInRequest, reason_not_to
from portal.audit import record
from portal.events import Event
from portal.states import Conflict


@dataclass(frozen=True)
class ActPage:
    """The page of one act: which, its heading, the button's text, a sentence on what follows of it."""

    act: str
    title: str
    button: str
    intro: str = ""
    variant: str = "primary"
    template: str = "permits/review/act.html"


def get_case(request: SignedInRequest, pk: uuid.UUID) -> Application:
    """The case, for an official who reviews or an administrator who reads; 404 or Denied for others."""
    return get_application_for(request.user, pk, "review")


def show(
    request: SignedInRequest,
    application: Application,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Show a page of the case; the reading is audited."""
    record(Event.APPLICATION_READ, by=request.user, about=application)
    shared = review_presentation.head(application)
    return render(request, template, shared | context, status=status)


def act_page(
    request: SignedInRequest,
    application: Application,
    form: CaseForm,
    page: ActPage,
    *,
    verb: Callable[..., Any],
    done: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the act's form, or do the act with what it holds and go back to the case."""
    context = {"form": form, "page": page, **(extra or {})}
    status = 200
    if request.method == "POST" and form.is_valid():
        refusal = attempt(application, form, verb)
        if refusal is None:
            messages.success(request, done)
            return redirect("permits:review", pk=application.pk)
        context |= refusal
        status = 409
    context["reason"] = reason_not_to(acts.check, page.act, request.user, application)
    return show(request, application, page.template, context, status)


def attempt(application: Application, form: CaseForm, verb: Callable[..., Any]) -> dict[str, Any] | None:
    """Do the act. None when done; else what the page shows, with the form ready to be sent again."""
    data = dict(form.cleaned_data)
    context: dict[str, Any] = {}
    try:
        verb(**data)
    except Overtaken:
        application.refresh_from_db()
        context["others"] = history.since(application, form.last_act)
    except Denied as denied:
        application.refresh_from_db()
        denied.tell(form)
    except Conflict:
        application.refresh_from_db()
        form.add_error(None, _("The application has just changed. See how it stands now."))
    else:
        return None
    form.see(application)
    return context
