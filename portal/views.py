"""The public pages, and those that say what went wrong. They read and never change anything."""

from datetime import date

from allauth.account import views as account_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.clearing import queue
from orders.disclosures import oversight
from orders.models import PriceList
from orders.prices.pricing import PriceTable, public_price_table
from permits.waiting import waiting_tasks
from portal import organisations
from portal.models import User
from portal.ui import Task
from portal.unsent import page_of_form

ACCESSIBILITY_REVIEWED = date(2026, 11, 23)
"""The day of the latest accessibility assessment, which the statement must tell."""


def account_inactive(request: HttpRequest) -> HttpResponse:
    """That the account is closed: told to nobody whose own is open."""
    if request.user.is_authenticated:
        return redirect("home")
    return account_views.account_inactive(request)


def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    tasks: list[Task] = []
    if user.is_authenticated:
        tasks = [*waiting_tasks(user), *queue.waiting_tasks(user), *oversight.waiting_tasks(user)]
        tasks += _organisations(user)
    return render(request, "portal/home.html", {"tasks": tasks})


def _organisations(user: User) -> list[Task]:
    """For who verifies organisations: how many wait for it."""
    count = organisations.waiting_for(user).count() if user.is_official else 0
    label, href = _("Organisations that wait for verification"), reverse("organisations:staff_list")
    return [Task(label, str(count), "warning", href)] if count else []


def service(request: HttpRequest) -> HttpResponse:
    """What is updated, for whom, how, in what time and at what price."""
    return render(request, "portal/service.html", {"prices": _prices()})


def _prices() -> PriceTable | None:
    """Today's prices, or None before the first price list."""
    try:
        return public_price_table(timezone.localdate())
    except PriceList.DoesNotExist:
        return None


def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that act 306/2019 asks for."""
    return render(request, "portal/accessibility.html", {"reviewed": ACCESSIBILITY_REVIEWED})


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason of a `Denied`, written for the user; another exception's text is not shown."""
    return render(request, "portal/403.html", {"reason": getattr(exception, "reason", "")}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without request and user: the page needs neither database nor session, which may be what failed."""
    return HttpResponse(render_to_string("portal/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is too old: a session that ended, most often. Nothing is lost but the last step."""
    return render(request, "portal/csrf.html", {"back": page_of_form(request)}, status=403)
