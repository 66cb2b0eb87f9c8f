"""Text typed into a form while the session ran out: kept until its writer has signed in again.

Whose it is tells a signed cookie that the sign-in sets and the signing out deletes, and that outlives the
session. Of a browser without it nothing is kept: strangers could fill the table of sessions.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from portal.models import User
from portal.secret_text import fernet

KEY = "typed_text"
COOKIE = "writer"
WRITER_SECONDS = 24 * 3600
"""For how long after a sign-in a browser counts as its user's."""

LONGEST = 60_000
"""Bytes: the longest section of an application has room."""

PURPOSE = b"typed text"


def keeping_typed_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `login_required`; what an ended session posted stands in the form again after the sign-in.

    It waits in the visitor's own session, encrypted, for this address and this user alone, and is forgotten
    when it is shown.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and _keep(request):
            messages.info(
                request, _("Your session has ended. Sign in again: what you typed waits in the form.")
            )
        return redirect_to_login(request.get_full_path())

    return wrapped


def remember_writer(response: HttpResponse, user: User) -> None:
    """Tell the browser whose it is, for the time after the session."""
    response.set_cookie(
        COOKIE,
        signing.dumps(str(user.pk), salt=COOKIE),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forgetting_writer(sign_out: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that signs out, after which the browser is nobody's."""

    @wraps(sign_out)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = sign_out(request, *args, **kwargs)
        if request.method == "POST":
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    return wrapped


def writer_of(request: HttpRequest) -> str | None:
    """The id of the user whose browser it is, by its cookie; None where it is a stranger's."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=WRITER_SECONDS))
    except signing.BadSignature:
        return None


def is_kept(request: HttpRequest) -> bool:
    """Whether what was last posted to this address waits for its form."""
    return bool((request.session.get(KEY) or {}).get("path") == request.path)


def kept_text(request: HttpRequest) -> QueryDict | None:
    """What was kept of this user for this page, once; None where nothing was."""
    kept = request.session.get(KEY)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return _read(kept["text"]) if kept.get("user") == str(request.user.pk) else None


def forget_of_others(request: HttpRequest, user: User) -> None:
    """What another user typed in this browser goes when this one signs in."""
    if (request.session.get(KEY) or {}).get("user") != str(user.pk):
        request.session.pop(KEY, None)


def _keep(request: HttpRequest) -> bool:
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    typed = json.dumps(fields, ensure_ascii=False).encode()
    writer = writer_of(request)
    if writer is None or len(typed) > LONGEST:
        return False
    text = fernet(PURPOSE).encrypt(typed).decode()
    request.session[KEY] = {"path": request.path, "user": writer, "text": text}
    return True


def _read(text: str) -> QueryDict | None:
    try:
        fields = json.loads(fernet(PURPOSE).decrypt(text.encode()))
    except InvalidToken:  # the secret key has changed meanwhile
        return None
    typed = QueryDict(mutable=True)
    for name, values in fields.items():
        typed.setlist(name, values)
    return typed
