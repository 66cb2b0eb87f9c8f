"""The layout of a fixed-width file: rows of name, start, length and field, and what they cut from lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.check import input_texts, mappings
from orders.check.mapping_forms import DETECT, FIELD_CHOICES, SaveForm

MOST_ROWS = 100
FIRST_ROWS = 3
SHOWN = 300
"""Characters of a line that its sample holds."""


class RowForm(forms.Form):
    """One column of the layout; a row without anything in it counts for nothing."""

    name = forms.CharField(label=_("Name of the column"), max_length=100, required=False)
    start = forms.IntegerField(label=_("First character"), required=False)
    length = forms.IntegerField(label=_("Length"), required=False)
    field = forms.ChoiceField(label=_("Read as"), choices=FIELD_CHOICES, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.is_empty:
            return values
        if not values.get("name", "").strip() and "name" not in self.errors:
            self.add_error("name", _("Enter a name."))
        for name in ("start", "length"):
            self._check_place(name, values.get(name))
        return values

    def _check_place(self, name: str, value: int | None) -> None:
        if name in self.errors:
            return
        if value is None:
            self.add_error(name, _("Enter a number."))
        elif not 1 <= value <= mappings.LINE:
            self.add_error(name, _("Enter a number that is at least 1; characters are counted from 1."))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered at all."""
        return not any(str(self[name].value() or "").strip() for name in self.fields)

    @property
    def end(self) -> int:
        """The last character of a valid row."""
        return int(self.cleaned_data["start"] + self.cleaned_data["length"] - 1)

    def as_json(self) -> dict[str, Any]:
        values = self.cleaned_data
        part = {"name": values["name"].strip(), "start": values["start"], "length": values["length"]}
        return part | ({"field": values["field"]} if values["field"] else {})


class LayoutForm(SaveForm):
    """The whole layout. `rows` are its columns; `posted` may come with a row added or taken away."""

    encoding = forms.ChoiceField(
        label=_("Character encoding"),
        choices=[(DETECT, _("as detected")), *input_texts.ENCODING_CHOICES.items()],
        required=False,
    )
    header = forms.BooleanField(label=_("The first line has headers: leave it out"), required=False)

    def __init__(self, posted: Any = None, *, rows: Sequence[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(posted, **kwargs)
        if posted is None:
            shown = [*rows, *[{}] * max(0, FIRST_ROWS - len(rows))]
            self.rows = [RowForm(prefix=f"row_{at}", initial=dict(row)) for at, row in enumerate(shown)]
        else:
            self.rows = [RowForm(posted, prefix=f"row_{at}") for at in range(_count(posted))]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        filled = [row for row in self.rows if not row.is_empty]
        if not filled:
            self.add_error(None, _("Enter at least one column."))
        right = [row.is_valid() for row in filled]  # each shows what is wrong with it
        if all(right):
            self._check_together(filled)
        return values

    def is_valid(self) -> bool:
        return super().is_valid() and not any(row.errors for row in self.rows if not row.is_empty)

    def row_errors(self) -> list[tuple[int, Any]]:
        """(number of the row, its field) for each field that has something wrong with it."""
        return [
            (number, bound)
            for number, row in enumerate(self.rows, start=1)
            if not row.is_empty
            for bound in row
            if bound.errors
        ]

    def _check_together(self, filled: list[RowForm]) -> None:
        """Names and fields once each, and no character in two columns."""
        before: RowForm | None = None
        for row in sorted(filled, key=lambda one: int(one.cleaned_data["start"])):
            if before is not None and row.cleaned_data["start"] <= before.end:
                row.add_error("start", _overlap(before))
            before = row
        for name, text in ONCE.items():
            met: set[str] = set()
            for row in filled:
                value = row.cleaned_data[name].strip().casefold()
                if value and value in met:
                    row.add_error(name, text)
                met.add(value)
        if filled and not any(row.cleaned_data["field"] for row in filled):
            self.add_error(None, _("Choose for at least one column what it is read as."))

    def mapping(self) -> dict[str, Any]:
        """The valid form's mapping."""
        values = self.cleaned_data
        reading = {"encoding": values["encoding"]} if values["encoding"] else {}
        reading |= {"header": True} if values["header"] else {}
        layout = [row.as_json() for row in self.rows if not row.is_empty]
        return {"fixed_width": layout} | ({"reading": reading} if reading else {})

    def cut(self, lines: Sequence[str]) -> list[list[str]]:
        """What the valid rows cut from the lines."""
        rows = [row for row in self.rows if not row.is_empty and row.is_valid()]
        starts = [(row.cleaned_data["start"] - 1, row.end) for row in rows]
        return [[line[start:end].rstrip() for start, end in starts] for line in lines]

    def names(self) -> list[str]:
        return [
            mappings.seen(row.cleaned_data["name"])
            for row in self.rows
            if not row.is_empty and row.is_valid()
        ]


ONCE = {
    "name": _("Another column has this name."),
    "field": _("Another column is read as this. Each can be read from one column."),
}


def _overlap(before: RowForm) -> Any:
    return _("The column begins before “%(name)s” ends, which is at character %(end)s.") % {
        "name": before.cleaned_data["name"],
        "end": before.end,
    }


def _count(posted: Any) -> int:
    try:
        return max(1, min(int(posted.get("rows", FIRST_ROWS)), MOST_ROWS))
    except ValueError:
        return FIRST_ROWS


def with_act(posted: Any, act: str) -> Any:
    """What was posted, with a row more (`add`) or without one (`remove:2`); None where the act is another."""
    count, data = _count(posted), posted.copy()
    if act == "add":
        data["rows"] = min(count + 1, MOST_ROWS)
        return data
    if not act.startswith("remove:") or not act[7:].isdecimal():
        return None
    gone = int(act[7:])
    for at in range(gone, count):
        for name in RowForm.base_fields:
            data[f"row_{at}-{name}"] = posted.get(f"row_{at + 1}-{name}", "") if at + 1 < count else ""
    data["rows"] = max(1, count - 1 if gone < count else count)
    return data


@dataclass(frozen=True)
class Ruler:
    """The numbers over the lines: tens above ones, as far as the longest line."""

    tens: str
    ones: str
    lines: Sequence[str]


def ruler(lines: Sequence[str]) -> Ruler:
    width = max((len(line) for line in lines), default=0)
    tens = "".join(f"{at:>10}" for at in range(10, width + 1, 10))
    ones = "".join(str(at % 10) for at in range(1, width + 1))
    return Ruler(tens, ones, [mappings.seen(line) for line in lines])


def proposed(lines: Sequence[str]) -> list[dict[str, Any]]:
    """Columns where all lines have a blank before something begins: a start for who fills in the layout."""
    width = max((len(line) for line in lines), default=0)
    filled = [any(line[at : at + 1].strip() for line in lines) for at in range(width)]
    starts = [at for at in range(width) if filled[at] and (at == 0 or not filled[at - 1])]
    if len(starts) < 2 or len(starts) > MOST_ROWS:
        return []
    ends = [*starts[1:], width]
    return [
        {"name": str(_("Column %(number)s") % {"number": place}), "start": start + 1, "length": end - start}
        for place, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    ]
