"""What the API's parts have in common."""

from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from portal.models import User


class KeysetPages(CursorPagination):
    """Newest first, by a cursor into the order of rows: a page costs the same however far it lies."""

    ordering = ("-created_at", "-pk")


def user_of(request: Request) -> User:
    """The user of a request that a permission class has let through."""
    assert isinstance(request.user, User)  # noqa: S101  (a bug, not a refusal)
    return request.user
