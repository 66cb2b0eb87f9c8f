"""What the API's parts have in common."""

from datetime import UTC, datetime
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from portal.models import User


class KeysetPages(CursorPagination):
    """Newest first, by a cursor into the order of rows: a page costs the same however far it lies."""

    ordering = ("-created_at", "-pk")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of the address; one whose moment is not as we write them leads to no page."""
        cursor: Cursor | None = super().decode_cursor(request)
        position: Any = cursor and cursor.position
        if position is not None and not _is_moment(position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_moment(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo == UTC and str(moment) == text  # others PostgreSQL may not even read


def user_of(request: Request) -> User:
    """The user of a request that a permission class has let through."""
    assert isinstance(request.user, User)  # noqa: S101  (a bug, not a refusal)
    return request.user
