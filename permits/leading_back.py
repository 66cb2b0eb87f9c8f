"""The way back from a page of an act that the state does not allow, or no longer."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from permits import acts
from permits.models import Application, Permit
from portal.access import SignedInRequest, View
from portal.models import User


def leading_back(view: View) -> View:
    """Whoever may read the application or permit is led to its page, with the reason; others get 403."""

    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except acts.NotNow as refusal:
            page = _page_of(request.user, refusal.about)
            if page is None:
                raise
            messages.error(request, refusal.reason)
            return redirect(page, pk=refusal.about.pk)

    return wrapped


def _page_of(user: User, about: Application | Permit) -> str | None:
    """The page on which the user reads it; None for who has none."""
    if isinstance(about, Permit):
        return "permits:permit" if "read" in acts.allowed_permit(user, about) else None
    can = acts.allowed(user, about)
    if "review" in can:
        return "permits:review"
    return "permits:application" if "read" in can else None
