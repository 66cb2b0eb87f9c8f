"""A mapping as it is stored: its shape is checked, and it is told in words. See docs/contract.md.

A mapping names columns by the customer's own headers, and never holds a cell. What a worker then makes of
it, and whether it fits the file, is for the matching library to say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from matching.fields import INPUT_NAMES
from orders.check import input_texts

COLUMNS = 500
NAME = 500  # characters of a header that a mapping may name
LINE = 1 << 20
_KEYS = {"columns", "reading", "fixed_width"}
_CODE = re.compile(r"(?<!\w)\d{6}[-+A-FU-Y]\d{3}[0-9A-Z](?!\w)", re.IGNORECASE)
# What draws over its neighbours, turns the direction of the text or draws nothing at all.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class NoMapping(ValueError):
    """What is no mapping: whoever made it has a fault."""


def validated(mapping: Any) -> dict[str, Any]:
    """The mapping, if it has the stored shape. Raises NoMapping."""
    if not isinstance(mapping, dict) or set(mapping) - _KEYS:
        raise NoMapping
    columns, reading = mapping.get("columns", {}), mapping.get("reading", {})
    layout = mapping.get("fixed_width", [])
    shaped = isinstance(columns, dict) and isinstance(reading, dict) and isinstance(layout, list)
    if not shaped or len(columns) > COLUMNS or len(layout) > COLUMNS:
        raise NoMapping
    if not all(_named(header) and _is_field(field) for header, field in columns.items()):
        raise NoMapping
    if not all(_is_option(key, value) for key, value in reading.items()):
        raise NoMapping
    if not all(_is_fixed(part) for part in layout):
        raise NoMapping
    used = [field for field in (*columns.values(), *(part.get("field") for part in layout)) if field]
    if len(used) != len(set(used)):
        raise NoMapping
    return mapping


def _named(header: Any) -> bool:
    return isinstance(header, str) and 0 < len(header) <= NAME


def _is_field(field: Any) -> bool:
    return field is None or (isinstance(field, str) and field in INPUT_NAMES)


def _is_option(key: str, value: Any) -> bool:
    if key == "header":
        return isinstance(value, bool)
    if key == "sheet":
        return _named(value)
    choices: dict[str, Mapping[str, Any]] = {
        "delimiter": input_texts.DELIMITERS,
        "encoding": input_texts.ENCODING_CHOICES,
    }
    return key in choices and isinstance(value, str) and value in choices[key]


def _is_fixed(part: Any) -> bool:
    if not isinstance(part, dict) or set(part) - {"name", "start", "length", "field"}:
        return False
    places = (part.get("start"), part.get("length"))
    right = all(type(place) is int and 1 <= place <= LINE for place in places)
    return right and _named(part.get("name")) and _is_field(part.get("field"))


def holds_a_code(names: Sequence[str]) -> bool:
    """Whether one of the names is or has an identity code: a person's row was taken for the header."""
    return any(_CODE.search(name) for name in names)


def seen(text: str) -> str:
    """The text as it can be shown: each sign that is not seen, or turns others about, as a mark of one."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True)
class Column:
    """A column on a page: its place, its name in a mapping, its header as shown, its field, its cells."""

    place: int
    name: str
    header: str
    field: str | None
    cells: Sequence[str]

    @property
    def label(self) -> Any:
        """What the column is read as, in words."""
        return input_texts.INPUT_FIELDS.get(self.field or "", _("not used"))


def columns_of(sample: Mapping[str, Any]) -> list[Column]:
    """The columns of a file's sample (`matching.register.preview`)."""
    return [
        Column(
            place,
            name,
            seen(sample["headers"][place]) if sample["header"] or sample["format"] == "fixed_width" else "",
            sample["fields"][place],
            [seen(row[place]) for row in sample["rows"]],
        )
        for place, name in enumerate(sample["names"])
    ]


def from_columns(names: Sequence[str], chosen: Sequence[str | None], found: Sequence[str | None]) -> dict:
    """`columns` of a mapping: those that are used, and those that are not although they seem to be."""
    return {
        name: field or None for name, field, seems in zip(names, chosen, found, strict=True) if field or seems
    }
