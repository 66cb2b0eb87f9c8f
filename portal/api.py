"""What the API's parts have in common."""

from rest_framework.pagination import CursorPagination


class KeysetPages(CursorPagination):
    """Newest first, by a cursor into the order of rows: a page costs the same however far it lies."""

    ordering = ("-created_at", "-pk")
