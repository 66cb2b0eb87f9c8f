"""Headers in three languages, however they are written, and a customer's own word on them."""

import pytest

from matching.errors import InputProblems
from matching.fields import CODE_FIELDS, INPUT_FIELDS, OUTPUT_FIELDS, SUBJECTS, header_key, recognise
from matching.readers import Mapping
from matching.readers.mapping import columns_by_field

KNOWN = {
    "hetu": [
        "Henkilötunnus",
        "HETU",
        "hetu ",
        "personbeteckning",
        "Personal identity code",
        "henkilo-tunnus",
    ],
    "surname": ["Sukunimi", "Efternamn", "Last name", "SUKUNIMI"],
    "given_names": ["Etunimet", "Förnamn", "Given names", "first_name"],
    "name": ["Nimi", "Namn", "Full name"],
    "birth_date": ["Syntymäaika", "Födelsedatum", "Date of birth", "Synt.aika"],
    "sex": ["Sukupuoli", "Kön", "Gender"],
    "street": ["Lähiosoite", "Katuosoite", "Gatuadress", "Street address"],
    "postal_code": ["Postinumero", "Postnummer", "Postal code", "ZIP"],
    "post_office": ["Postitoimipaikka", "Postort", "City"],
    "municipality": ["Kotikunta", "Hemkommun", "Municipality"],
    "row_id": ["Opiskelijanumero", "row_id"],
    "building_id": ["Pysyvä rakennustunnus", "VTJ-PRT"],
    "real_estate_id": ["Kiinteistötunnus", "Fastighetsbeteckning"],
}


@pytest.mark.parametrize(
    ("header", "field"), [(header, field) for field, headers in KNOWN.items() for header in headers]
)
def test_a_header_is_recognised(header: str, field: str) -> None:
    assert recognise(header) == field


@pytest.mark.parametrize("header", ["", "Huomautus", "123", "hetu2"])
def test_another_header_is_left_alone(header: str) -> None:
    assert recognise(header) is None


def test_no_header_means_two_fields() -> None:
    keys = [
        (key, field.name)
        for field in INPUT_FIELDS
        for key in {header_key(header) for header in field.headers}
    ]
    assert len({key for key, _ in keys}) == len(keys)


def test_the_catalogue_names_each_field_once_for_a_subject() -> None:
    assert len({(field.subject, field.name) for field in OUTPUT_FIELDS}) == len(OUTPUT_FIELDS)
    assert {field.subject for field in OUTPUT_FIELDS} == set(SUBJECTS) == set(CODE_FIELDS)


def test_the_first_of_two_columns_has_the_field() -> None:
    assert columns_by_field(["Osoite", "Katuosoite"], Mapping()) == {"street": 0}


def test_a_mapping_goes_before_the_headers() -> None:
    mapping = Mapping.from_json({"A": "hetu", "Sukunimi": None})
    assert columns_by_field(["Sukunimi", "hetu", "A"], mapping) == {"hetu": 2}


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ([], "mapping_invalid"),
        ({"hetu": "code"}, "mapping_unknown_field"),
        ({"A": "hetu", "B": "hetu"}, "mapping_field_twice"),
        ({"Z": "hetu"}, "mapping_unknown_header"),
        ({"fixed_width": [{"name": "a"}]}, "mapping_invalid"),
        ({"fixed_width": [{"name": "a", "start": 0, "length": 1}]}, "mapping_invalid"),
    ],
)
def test_a_mapping_with_a_fault_is_told(mapping: object, code: str) -> None:
    with pytest.raises(InputProblems) as error:
        columns_by_field(["A", "B"], Mapping.from_json(mapping))
    assert error.value.problems[0].code == code
