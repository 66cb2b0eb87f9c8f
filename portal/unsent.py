"""What is posted after the session has ended and is kept nowhere: its sender is told that it is not saved."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.typed_text import is_kept, writer_of

KEY = "unsent"


class UnsentMiddleware:
    """Who posts signed out is told on the sign-in page, and once more after it, on the page with the form.

    Of what was posted nothing is stored; a view that keeps it (`keeping_typed_text`) has told so itself.
    Strangers are not told the second time, for no session is begun for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and _was_sent_to_sign_in(request, response):
            if is_kept(request):
                request.session.pop(KEY, None)
            elif request.accepts("text/html"):  # a script tells of its own requests
                _tell_and_lead_back(request, response)
        return response


def _tell_and_lead_back(request: HttpRequest, response: HttpResponse) -> None:
    if writer_of(request):
        request.session[KEY] = True
    text = _("Your session has ended, and what you sent was not saved. Sign in, and send it again.")
    messages.warning(request, text)
    response["Location"] = redirect_to_login(page_of_form(request)).url


def _was_sent_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    target = urlsplit(response.headers.get("Location", ""))
    is_sign_in = target.path == resolve_url(settings.LOGIN_URL)
    return is_sign_in and parse_qs(target.query).get("next") == [request.get_full_path()]


def page_of_form(request: HttpRequest) -> str:
    """The page from which a form was sent: it can be opened, as the address that took the form may not be."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return request.get_full_path()
    parts = urlsplit(page)
    if not parts.netloc:
        return request.get_full_path()
    return escape_leading_slashes(f"{parts.path or '/'}?{parts.query}".removesuffix("?"))


def tell(request: HttpRequest) -> None:
    """After the sign-in: what was sent before it was not saved. Said once."""
    if request.session.pop(KEY, False):
        messages.warning(request, _("What you sent was not saved, as your session had ended. Send it again."))
