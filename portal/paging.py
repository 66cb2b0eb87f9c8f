"""Lists by keyset: a page costs the same however far it lies, and new rows move nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE_ROWS = 50


@dataclass(frozen=True)
class Page:
    """A page's rows and the addresses of its neighbours; None where there is no such page."""

    items: list[Any]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class Keyset:
    """The order of a list: fields that together are unique, and how each is read back from an address."""

    fields: tuple[str, ...]
    readers: tuple[Callable[[str], Any], ...]
    descending: bool = False

    def page(self, rows: QuerySet[Any], request: HttpRequest) -> Page:
        """The page of `rows` that `after` or `before` in the address asks for; else the first."""
        size = PAGE_ROWS
        after, before = self._read(request.GET.get("after")), self._read(request.GET.get("before"))
        back = after is None and before is not None
        downwards = self.descending != back
        if edge := before if back else after:
            rows = rows.filter(self._beyond(edge, "lt" if downwards else "gt"))
        found = list(rows.order_by(*(f"-{name}" if downwards else name for name in self.fields))[: size + 1])
        more, items = len(found) > size, found[:size]
        if back:
            items.reverse()
        has_previous, has_next = (more, True) if back else (after is not None, more)
        if not items:
            return Page([], None, None)
        return Page(
            items,
            self._address(request, before=items[0]) if has_previous else None,
            self._address(request, after=items[-1]) if has_next else None,
        )

    def _beyond(self, edge: tuple[Any, ...], comparison: str) -> Q:
        condition, equal = Q(), Q()
        for name, value in zip(self.fields, edge, strict=True):
            condition |= equal & Q(**{f"{name}__{comparison}": value})
            equal &= Q(**{name: value})
        # Said once more of the first field alone, so that the index begins there and not at the list's end.
        return condition & Q(**{f"{self.fields[0]}__{comparison}e": edge[0]})

    def _read(self, text: str | None) -> tuple[Any, ...] | None:
        """A cursor from an address; None for none and for one that is no cursor of this list."""
        parts = (text or "").split("~")
        if len(parts) != len(self.fields) or "\0" in parts[0]:  # PostgreSQL's text holds no NUL
            return None
        try:
            return tuple(read(part) for read, part in zip(self.readers, parts, strict=True))
        except ValueError:
            return None

    def _address(self, request: HttpRequest, **edge: Any) -> str:
        """The current address with another cursor: its filter stays."""
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        for name, row in edge.items():
            query[name] = "~".join(str(getattr(row, field)) for field in self.fields)
        return f"?{query.urlencode()}"
