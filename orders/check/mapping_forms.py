"""The form by which a customer corrects how its file is read, and what each column is."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.check import input_texts, mappings
from orders.check.mappings import Column

NOT_USED = ""
DETECT = ""
FIELD_CHOICES = [(NOT_USED, _("not used")), *input_texts.INPUT_FIELDS.items()]
HEADER_CHOICES = [("yes", _("The first row has the headers")), ("no", _("There is no header row"))]


class SaveForm(forms.Form):
    """Whether the mapping is kept for the organisation's next files, and its name."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    save = forms.BooleanField(
        label=_("Keep these settings: our next file with the same headers is read by them"), required=False
    )
    save_as = forms.CharField(
        label=_("Name of the settings"),
        max_length=100,
        required=False,
        help_text=_(
            "For example the name of the program that the file comes from. Settings of the same name are"
            " replaced."
        ),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("save") and not values.get("save_as", "").strip() and "save_as" not in self.errors:
            self.add_error("save_as", _("Enter a name for the settings, or do not keep them."))
        return values

    @property
    def name(self) -> str:
        """The name under which the valid form's mapping is kept; empty for none."""
        return self.cleaned_data["save_as"].strip() if self.cleaned_data.get("save") else ""


class MappingForm(SaveForm):
    """`sample` is how the file is read now (`orders.check.samples`), or None where it can't be shown.

    A change of delimiter, encoding, header row or sheet makes other columns: they are then recognised anew.
    """

    def __init__(self, *args: Any, sample: dict[str, Any] | None, mapping: Mapping[str, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sample = sample
        self.before: Mapping[str, Any] = mapping.get("reading", {})
        self.columns: list[Column] = mappings.columns_of(sample) if sample else []
        self._add_reading(sample["format"] if sample else "csv")
        for column in self.columns:
            self.fields[f"column_{column.place}"] = forms.ChoiceField(
                label=column.header or column.name,
                choices=FIELD_CHOICES,
                required=False,
                initial=column.field,
            )

    def _add_reading(self, form: str) -> None:
        """The fields of what can be told of such a file."""
        before, sample = self.before, self.sample or {}
        if form == "csv":
            found = input_texts.DELIMITERS.get(sample.get("delimiter", ""), "")
            self.fields["delimiter"] = _choice(
                _("Delimiter"), input_texts.DELIMITERS, found, before.get("delimiter")
            )
            found = input_texts.encoding_name(sample.get("encoding", ""))
            self.fields["encoding"] = _choice(
                _("Character encoding"), input_texts.ENCODING_CHOICES, found, before.get("encoding")
            )
        if len(sample.get("sheets", [])) > 1:
            choices = [(name, mappings.seen(name)) for name in sample["sheets"]]
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"), choices=choices, initial=sample["sheet"]
            )
        if form in {"csv", "xlsx"}:
            self.fields["header"] = forms.ChoiceField(
                label=_("Header row"),
                choices=HEADER_CHOICES,
                widget=forms.RadioSelect,
                initial="yes" if sample.get("header", True) else "no",
            )

    def column_fields(self) -> list[tuple[Column, Any]]:
        return [(column, self[f"column_{column.place}"]) for column in self.columns]

    def reading_fields(self) -> list[Any]:
        return [self[name] for name in ("sheet", "delimiter", "encoding", "header") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.errors or self._is_changed():
            return values
        first: dict[str, Column] = {}
        for column in self.columns:
            field = values.get(f"column_{column.place}")
            if not field:
                continue
            if field in first:
                self.add_error(f"column_{column.place}", _twice(field, first[field]))
            first.setdefault(field, column)
        if self.columns and not first:
            self.add_error(None, _("Choose for at least one column what it is read as."))
        if mappings.holds_a_code([column.name for column in first.values()]):
            self.add_error(
                None, _("The header row holds an identity code. Choose that there is no header row.")
            )
        return values

    def _reading(self) -> dict[str, Any]:
        """What the form tells of the reading; what is left open is detected."""
        told = {name: self.cleaned_data.get(name) for name in ("delimiter", "encoding", "sheet")}
        reading = {name: value for name, value in told.items() if value}
        chosen = self.cleaned_data.get("header")
        seems_none = self.sample is not None and not self.sample["header"]
        if chosen == "no":
            reading["header"] = False
        elif chosen == "yes" and (seems_none or self.before.get("header")):
            reading["header"] = True
        return reading

    def _is_changed(self) -> bool:
        """Whether other columns come of it than those that the page showed."""
        sample, after = self.sample, self._reading()
        if sample is None:
            return True
        sheet = after.get("sheet", sample["sheet"]) != sample["sheet"]
        header = "header" in self.fields and after.get("header", True) != sample["header"]
        others = [after.get(name) != self.before.get(name) for name in ("delimiter", "encoding")]
        return sheet or header or any(others)

    def mapping(self) -> dict[str, Any]:
        """The valid form's mapping."""
        reading = self._reading()
        made: dict[str, Any] = {"reading": reading} if reading else {}
        if not self._is_changed():
            sample = self.sample or {}
            chosen = [self.cleaned_data[f"column_{column.place}"] for column in self.columns]
            made["columns"] = mappings.from_columns(sample["names"], chosen, sample["fields"])
        return made


def _choice(label: Any, choices: Mapping[str, Any], found: Any, initial: str | None) -> forms.ChoiceField:
    """A choice that may be left to be detected; what was found stands beside it."""
    detect = _("as detected: %(found)s") % {"found": found} if found and not initial else _("as detected")
    return forms.ChoiceField(
        label=label, choices=[(DETECT, detect), *choices.items()], required=False, initial=initial or DETECT
    )


def _twice(field: str, first: Column) -> Any:
    return _(
        "“%(field)s” is already read from the column “%(column)s”. Each can be read from one column."
    ) % {
        "field": input_texts.INPUT_FIELDS[field],
        "column": first.header or first.name,
    }
