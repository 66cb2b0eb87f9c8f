"""Text typed into a form while the session ran out: kept until its writer has signed in again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

KEY = "typed_text"
LONGEST = 100_000
"""Encoded characters: the longest section of an application, written in full, has room."""


def keeping_typed_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `login_required`; what an ended session posted stands in the form again after the sign-in.

    It waits in the visitor's own session, for this address alone, and is forgotten when it is shown.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            text = request.POST.copy()
            text.pop("csrfmiddlewaretoken", None)
            if len(typed := text.urlencode()) <= LONGEST:
                request.session[KEY] = {"path": request.path, "text": typed}
                messages.info(
                    request, _("Your session has ended. Sign in again: what you typed waits in the form.")
                )
        return redirect_to_login(request.get_full_path())

    return wrapped


def is_kept(request: HttpRequest) -> bool:
    """Whether what was last posted to this address waits for its form."""
    return bool((request.session.get(KEY) or {}).get("path") == request.path)


def kept_text(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, once; None where nothing was."""
    kept = request.session.get(KEY)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(kept["text"])
