"""The field catalogue in plain words: what each field is called on the pages, and what it holds."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.fields import output_fields


@dataclass(frozen=True)
class FieldText:
    """A field's name on the pages, and a sentence on what it holds (empty where the name is enough)."""

    label: Any
    help: Any = ""


PERSON_FIELDS = {
    "hetu": FieldText(
        _("Personal identity code"), _("The present code, also where your register has a former one.")
    ),
    "surname": FieldText(_("Surname")),
    "given_names": FieldText(_("Given names"), _("All given names in their order.")),
    "call_name": FieldText(_("Call name"), _("The given name that the person uses.")),
    "former_surnames": FieldText(_("Former surnames")),
    "sex": FieldText(_("Sex")),
    "birth_date": FieldText(_("Date of birth")),
    "death_date": FieldText(_("Date of death")),
    "municipality": FieldText(_("Municipality of residence"), _("Number and name.")),
    "municipality_since": FieldText(_("Resident in the municipality since")),
    "street": FieldText(_("Street address"), _("The best address: a permanent one if there is one.")),
    "postal_code": FieldText(_("Postal code")),
    "post_office": FieldText(_("Post office")),
    "country": FieldText(_("Country of the address")),
    "address_kind": FieldText(
        _("Kind of the address"), _("Permanent, postal or temporary, in Finland or abroad.")
    ),
    "temporary_address": FieldText(_("Temporary address")),
    "postal_address": FieldText(
        _("Postal address"), _("A separate address for mail, such as a post-office box.")
    ),
    "contact_address": FieldText(
        _("Contact address"), _("An address that the person has given to be reached at.")
    ),
    "mother_tongue": FieldText(_("Mother tongue")),
    "marital_status": FieldText(_("Marital status")),
    "citizenships": FieldText(_("Citizenships")),
    "absence": FieldText(
        _("Absence from the population"),
        _("Why the person is no longer a resident, for example moved abroad."),
    ),
    "moved_on": FieldText(_("Date of the latest move")),
    "protected": FieldText(_("Mark of non-disclosure for personal safety")),
}

GROUPS = {
    "identity": _("Identity code"),
    "names": _("Names"),
    "person": _("Personal details"),
    "address": _("Residence and addresses"),
    "protection": _("Protection"),
}

INPUT_FIELDS = {
    "row_id": _("your own row identifier"),
    "hetu": _("personal identity code"),
    "surname": _("surname"),
    "given_names": _("given names"),
    "name": _("whole name"),
    "former_surname": _("former surname"),
    "birth_date": _("date of birth"),
    "sex": _("sex"),
    "street": _("street address"),
    "house_number": _("house number"),
    "postal_code": _("postal code"),
    "post_office": _("post office"),
    "municipality": _("municipality"),
    "building_id": _("permanent building identifier"),
    "real_estate_id": _("real-estate code"),
}

FORMATS = {
    "csv": pgettext_lazy("file format", "Text with a delimiter (CSV)"),
    "xlsx": pgettext_lazy("file format", "Excel workbook (XLSX)"),
    "parquet": pgettext_lazy("file format", "Parquet"),
    "fixed_width": pgettext_lazy("file format", "Fixed width"),
}
ENCODINGS = {"cp1252": "Windows-1252", "iso8859-1": "ISO-8859-1", "iso8859-15": "ISO-8859-15"}
DELIMITERS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}


def label(name: str) -> Any:
    """The name of an output field on the pages; a field outside the person catalogue keeps its own name."""
    return PERSON_FIELDS[name].label if name in PERSON_FIELDS else name


def grouped(names: list[str]) -> list[tuple[Any, list[tuple[str, FieldText]]]]:
    """The named fields by group, in the catalogue's order: (group, [(name, text)])."""
    groups: dict[str, list[tuple[str, FieldText]]] = {}
    for field in output_fields("person"):
        if field.name in names:
            groups.setdefault(field.group, []).append((field.name, PERSON_FIELDS[field.name]))
    return [(GROUPS[group], fields) for group, fields in groups.items()]
