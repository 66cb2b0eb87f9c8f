"""The field catalogue in plain words: what each field is called on the pages, and what it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

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
    "municipality": FieldText(
        _("Municipality of residence"), _("The municipality’s number, for example 091.")
    ),
    "municipality_since": FieldText(_("Resident in the municipality since")),
    "street": FieldText(_("Street address"), _("The best address: a permanent one if there is one.")),
    "postal_code": FieldText(_("Postal code")),
    "post_office": FieldText(_("Post office")),
    "country": FieldText(
        _("Country of the address"), _("The country’s number by ISO 3166-1: Finland is 246.")
    ),
    "address_kind": FieldText(
        _("Kind of the address"),
        _("A code word: permanent, postal, temporary or contact; abroad for example permanent_abroad."),
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

BUILDING_FIELDS = {
    "building_id": FieldText(_("Permanent building identifier"), _("Identifier of the building (VTJ-PRT).")),
    "legacy_id": FieldText(
        _("Former building identifier"), _("The identifier based on the real-estate unit.")
    ),
    "real_estate_id": FieldText(_("Real-estate code"), _("The unit on which the building stands.")),
    "municipality": FieldText(_("Municipality"), _("The municipality’s number, for example 091.")),
    "street_fi": FieldText(_("Street in Finnish")),
    "street_sv": FieldText(_("Street in Swedish")),
    "house_number": FieldText(_("House number")),
    "postal_code": FieldText(_("Postal code")),
    "post_office_fi": FieldText(_("Post office in Finnish")),
    "post_office_sv": FieldText(_("Post office in Swedish")),
    "class": FieldText(_("Building class"), _("The intended use, in the classes of Statistics Finland.")),
    "use_status": FieldText(_("Use status")),
    "completed_on": FieldText(_("Date of completion")),
    "floor_area": FieldText(_("Floor area"), _("In square metres.")),
    "easting": FieldText(_("Easting"), _("Coordinate in ETRS-TM35FIN.")),
    "northing": FieldText(_("Northing"), _("Coordinate in ETRS-TM35FIN.")),
    "owners": FieldText(_("Owners"), _("Names and shares; withheld for who has a non-disclosure order.")),
}

REAL_ESTATE_FIELDS = {
    "real_estate_id": FieldText(_("Real-estate code")),
    "name": FieldText(_("Name of the unit")),
    "municipality": FieldText(_("Municipality"), _("The municipality’s number, for example 091.")),
    "area": FieldText(_("Area"), _("In square metres.")),
    "registered_on": FieldText(_("Date of registration")),
    "ended_on": FieldText(_("Date of ending")),
    "successor_id": FieldText(_("Successor"), _("The unit of which this one has become part.")),
    "owners": FieldText(_("Owners"), _("Names and shares; withheld for who has a non-disclosure order.")),
}

PARTS = {"owners.name": FieldText(_("Owners’ names"))}
"""Parts of a field that the disclosure register tells apart."""

FIELDS = {"person": PERSON_FIELDS, "building": BUILDING_FIELDS, "real_estate": REAL_ESTATE_FIELDS}

GROUPS = {
    "identity": _("Identity code"),
    "names": _("Names"),
    "person": _("Personal details"),
    "address": _("Residence and addresses"),
    "protection": _("Protection"),
    "building": _("Building"),
    "real_estate": _("Real-estate unit"),
    "owners": _("Owners"),
}


def label(name: str, subject: str = "person") -> Any:
    """The name of an output field on the pages; a field outside the catalogue keeps its own name."""
    texts = FIELDS[subject] | PARTS
    return texts[name].label if name in texts else name


def labels(names: Iterable[str], subject: str = "person") -> list[Any]:
    """The names of output fields on the pages, in the catalogue's order."""
    wanted = set(names)
    return [label(field.name, subject) for field in output_fields(subject) if field.name in wanted]


def grouped(names: Iterable[str], subject: str = "person") -> list[tuple[Any, list[tuple[str, FieldText]]]]:
    """The named fields by group, in the catalogue's order: (group, [(name, text)])."""
    wanted, texts = set(names), FIELDS[subject]
    groups: dict[str, list[tuple[str, FieldText]]] = {}
    for field in output_fields(subject):
        if field.name in wanted:
            groups.setdefault(field.group, []).append((field.name, texts[field.name]))
    return [(GROUPS[group], fields) for group, fields in groups.items()]
