"""Who may do what. Fetching and authorising are one call; a refusal carries its reason."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from portal.models import Organisation, User
from portal.roles import Role

FOUND_ORGANISATIONS = 200
"""How many organisations a search by name takes in."""

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """What a view behind `login_required` or `role_required` gets: for the types alone."""

    user: User


class Denied(PermissionDenied):
    """A refusal with its reason, written for the user: the page shows it, and so does the disabled button.

    `field` is the name of the form's field that it is about, where it is about one.
    """

    def __init__(self, reason: Any, field: str = "") -> None:
        self.reason = reason
        self.field = field
        super().__init__(reason)

    def tell(self, form: BaseForm) -> None:
        """Show the reason at its field; above the form where it has none there."""
        form.add_error(self.field if self.field in form.fields else None, self.reason)


def reason_not_to(check: Callable[..., None], *args: Any, **kwargs: Any) -> Any:
    """The reason for which `check` would refuse, or None: for a button that says why it is off."""
    try:
        check(*args, **kwargs)
    except Denied as denied:
        return denied.reason
    return None


def organisations_of(user: User, *roles: Role) -> list[Organisation]:
    """The customers' organisations in which the user has one of the roles, by name.

    Without roles: those for which the user may order and apply.
    """
    wanted = roles or (Role.APPLICANT,)
    return list(Organisation.objects.filter(memberships__user=user, memberships__role__in=wanted).distinct())


def organisations_called(words: str) -> list[Any]:
    """The ids of organisations by a part of the name or by the whole business ID.

    So many that what belongs to them is then found by an index.
    """
    named = Organisation.objects.filter(Q(name__icontains=words) | Q(business_id=words))
    return list(named.values_list("pk", flat=True)[:FOUND_ORGANISATIONS])


def role_required(*roles: Role) -> Callable[[View], View]:
    """Let in only users with one of the roles; others get 403, and who is not signed in signs in first."""

    def decorator(view: View) -> View:
        @wraps(view)
        @login_required
        def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.role_names & set(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorator
