"""What every request passes: where it came from, what may be kept of its answer, staff's second factor."""

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audit import current_source
from portal.sign_in import missing_step

GetResponse = Callable[[HttpRequest], HttpResponse]

OPEN_WITHOUT_TOTP = frozenset(
    {
        "account_confirm_email",
        "account_email_verification_sent",
        "account_logout",
        "account_reauthenticate",
        "health",
        "mfa_activate_totp",
        "mfa_index",
        "mfa_reauthenticate",
        "set_language",
    }
)
"""What a member of staff may open before the second factor: what leads to it, and the way out."""


class ActorMiddleware:
    """Tell the audit trail where the request came from, for as long as it lasts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_source.set(client_address(request))
        try:
            return self.get_response(request)
        finally:
            current_source.reset(token)


def client_address(request: HttpRequest) -> str:
    """The client's IP address, or nothing where there is none.

    Anybody can send X-Forwarded-For: only its last hop, which our own proxy wrote, is believed, and only
    where the settings say that there is a proxy.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2]
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        return ""


class BrokenUploadMiddleware:
    """A request that breaks off in the middle of a file leaves no thread and nothing on the disk."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            for handler in request.upload_handlers:
                handler.upload_interrupted()  # does nothing to a file that is complete


class NoStoreMiddleware:
    """Nothing that is for one person stays in a browser's or a proxy's store, to be found after signing out.

    It asks the cookie and not the session, for a page about a fault must need no database.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES
        if is_personal or request.path.startswith(("/accounts/", "/api/")):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class NotAllowedMiddleware:
    """Who comes by a link to an address that only takes a form is told so: after a sign-in, for example."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            page = render(request, "portal/405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response


class StaffMfaMiddleware:
    """Officials and admins set up the authenticator app, and type its code, before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN_WITHOUT_TOTP or not (step := missing_step(request)):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": _reason(step)}, status=403)
        if step == "mfa_reauthenticate" and request.method == "GET":
            return redirect(f"{reverse(step)}?{urlencode({'next': request.get_full_path()})}")
        return redirect(step)


def _reason(step: str) -> str:
    if step == "mfa_reauthenticate":
        return _("This session began without a code. Type one on the pages of the service, or sign in again.")
    return _("Officials and administrators must turn on two-step sign-in before they can use the service.")
