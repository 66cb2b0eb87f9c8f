"""The one catalogue of fields: what a customer's register may hold and what can be given in return.

Imports nothing heavy, since forms read it too. Labels are English, for a caller to translate.
Output fields and their protection: docs/contract.md. Packages A (address data) and B (basic person data) are
the ready-made data packages of the Population Information System.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SUBJECTS = ("person", "building", "real_estate")


@dataclass(frozen=True)
class InputField:
    """A field of the customer's register, with the headers by which it is recognised (fi, sv, en)."""

    name: str
    label: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class OutputField:
    """A field that a delivery can hold.

    `protected`: withheld while a turvakielto (non-disclosure for personal safety) holds and the permit
    doesn't entitle. `evaluation_only`: never in a permit or a delivery.
    """

    name: str
    label: str
    group: str
    subject: str = "person"
    packages: tuple[str, ...] = ()
    protected: bool = False
    evaluation_only: bool = False


def _input(name: str, label: str, headers: str) -> InputField:
    return InputField(name, label, tuple(part.strip() for part in headers.split(",")))


INPUT_FIELDS = (
    _input(
        "row_id",
        "Row identifier",
        "row_id, row id, id, rivi, rivitunnus, rivi id, rivinumero, oma tunnus, oma viite, asiakkaan tunnus,"
        " tunniste, viite, opiskelijanumero, oppilasnumero, opiskelijatunnus, asiakasnumero, jäsennumero,"
        " rad, radnummer, rad id, egen referens, referens, studentnummer, elevnummer, kundnummer,"
        " row number, unique reference, reference, student number, student id, customer number, own id",
    ),
    _input(
        "hetu",
        "Personal identity code",
        "hetu, henkilötunnus, henkilötunnukset, hlötunnus, htunnus, hlö-tunnus, sotu, sosiaaliturvatunnus,"
        " henkilötunnus (hetu), opiskelijan henkilötunnus, oppilaan henkilötunnus, opiskelijan hetu,"
        " personbeteckning, personbeteckningen, finländsk personbeteckning, personnummer, pb, pbeteckning,"
        " personal identity code, personal identity number, personal id code, personal code, personal id,"
        " identity code, social security number, ssn, pic, national id, finnish personal identity code",
    ),
    _input(
        "surname",
        "Surname",
        "surname, sukunimi, sukunimet, snimi, suku-nimi, opiskelijan sukunimi, oppilaan sukunimi,"
        " nykyinen sukunimi, efternamn, släktnamn, familjenamn, nuvarande efternamn,"
        " last name, lastname, family name, lname, current surname",
    ),
    _input(
        "given_names",
        "Given names",
        "given_names, etunimi, etunimet, enimet, kaikki etunimet, opiskelijan etunimet, oppilaan etunimet,"
        " kutsumanimi, förnamn, samtliga förnamn, alla förnamn, tilltalsnamn, given name, given names,"
        " first name, first names, firstname, firstnames, forename, forenames, fname, call name",
    ),
    _input(
        "name",
        "Whole name",
        "name, nimi, koko nimi, kokonimi, nimi kokonaan, henkilön nimi, opiskelijan nimi, oppilaan nimi,"
        " sukunimi ja etunimet, sukunimi etunimet, sukunimi etunimi, etunimi sukunimi, opiskelija, oppilas,"
        " namn, fullständigt namn, hela namnet, personens namn, studentens namn, elevens namn,"
        " full name, fullname, whole name, person name, student name, student",
    ),
    _input(
        "former_surname",
        "Former surname",
        "former_surname, entinen sukunimi, entiset sukunimet, aiempi sukunimi, aikaisempi sukunimi,"
        " edellinen sukunimi, tyttönimi, omaa sukua, syntymänimi, tidigare efternamn, tidigare släktnamn,"
        " före detta efternamn, flicknamn, ogift efternamn, former surnames, previous surname, maiden name,"
        " birth name, née, former last name, previous last name",
    ),
    _input(
        "birth_date",
        "Date of birth",
        "birth_date, syntymäaika, syntymäpäivä, synt.aika, syntymäpvm, syntaika, spvm, s.aika, syntynyt,"
        " födelsedatum, födelsedag, född, födelsetid, födelseår och dag, date of birth, birth date,"
        " birthdate, birthday, dob, born",
    ),
    _input("sex", "Sex", "sex, sukupuoli, sp, sukup., kön, gender"),
    _input(
        "street",
        "Street address",
        "street, lähiosoite, katuosoite, osoite, jakeluosoite, kotiosoite, postiosoite, osoite 1, katu,"
        " vakinainen osoite, vakituinen osoite, opiskelijan osoite, gatuadress, näradress, adress,"
        " hemadress, utdelningsadress, postadress, gata, adress 1, stadigvarande adress,"
        " street address, address, home address, address line 1, address 1, postal address, mailing address",
    ),
    _input(
        "house_number",
        "House number",
        "house_number, talonumero, talon numero, osoitenumero, katunumero, husnummer, adressnummer,"
        " gatunummer, house number, house no, street number, building number",
    ),
    _input(
        "postal_code",
        "Postal code",
        "postal_code, postinumero, postinro, pnro, postino, postnummer, postnr, postal code, postcode,"
        " post code, zip, zip code",
    ),
    _input(
        "post_office",
        "Post office",
        "post_office, postitoimipaikka, ptp, paikkakunta, postipaikka, toimipaikka, kaupunki,"
        " postanstalt, postort, ort, stad, post office, city, town, postal district, post town",
    ),
    _input(
        "municipality",
        "Municipality",
        "municipality, kunta, kotikunta, kuntanumero, kuntakoodi, asuinkunta, kotikunnan numero, kuntanro,"
        " kommun, hemkommun, kommunnummer, kommunkod, municipality code, municipality number,"
        " municipality of residence, home municipality, domicile",
    ),
    _input(
        "building_id",
        "Permanent building identifier",
        "building_id, rakennustunnus, pysyvä rakennustunnus, vtj-prt, prt, vtjprt, byggnadsbeteckning,"
        " permanent byggnadsbeteckning, beständig byggnadsbeteckning, building id, building identifier,"
        " permanent building identifier, permanent building id, building code",
    ),
    _input(
        "real_estate_id",
        "Real-estate code",
        "real_estate_id, kiinteistötunnus, kiinteistö, kiint.tunnus, kitu, fastighetsbeteckning, fastighet,"
        " real estate id, real estate code, real estate identifier, property id, property identifier,"
        " property code, cadastral number",
    ),
)

AB, B = ("A", "B"), ("B",)

PERSON_FIELDS = (
    OutputField("hetu", "Personal identity code", "identity"),
    OutputField("surname", "Surname", "names", packages=AB),
    OutputField("given_names", "Given names", "names", packages=AB),
    OutputField("call_name", "Call name", "names"),
    OutputField("former_surnames", "Former surnames", "names"),
    OutputField("sex", "Sex", "person", packages=B),
    OutputField("birth_date", "Date of birth", "person"),
    OutputField("death_date", "Date of death", "person", packages=B),
    OutputField(
        "municipality",
        "Municipality of residence",
        "address",
        packages=AB,
        protected=True,
    ),
    OutputField(
        "municipality_since",
        "Resident in the municipality since",
        "address",
        protected=True,
    ),
    OutputField("street", "Street address", "address", packages=AB, protected=True),
    OutputField("postal_code", "Postal code", "address", packages=AB, protected=True),
    OutputField("post_office", "Post office", "address", packages=AB, protected=True),
    OutputField("country", "Country of the address", "address", packages=B, protected=True),
    OutputField("address_kind", "Kind of the address", "address", protected=True),
    OutputField("temporary_address", "Temporary address", "address", protected=True),
    OutputField("postal_address", "Postal address", "address", protected=True),
    OutputField("contact_address", "Contact address", "address"),
    OutputField("mother_tongue", "Mother tongue", "person", packages=AB),
    OutputField("marital_status", "Marital status", "person"),
    OutputField("citizenships", "Citizenships", "person"),
    OutputField("absence", "Absence from the population", "person", protected=True),
    OutputField("moved_on", "Date of the latest move", "address", packages=B, protected=True),
    OutputField("protected", "Mark of non-disclosure for personal safety", "protection"),
    OutputField(
        "person_id",
        "Internal identifier of the store",
        "evaluation",
        evaluation_only=True,
    ),
)


def _columns(subject: str, *columns: tuple[str, str]) -> tuple[OutputField, ...]:
    return tuple(
        OutputField(
            name,
            label,
            "owners" if name == "owners" else subject,
            subject,
            protected=name == "owners",
        )
        for name, label in columns
    )


BUILDING_FIELDS = _columns(
    "building",
    ("building_id", "Permanent building identifier"),
    ("legacy_id", "Former building identifier"),
    ("real_estate_id", "Real-estate code"),
    ("municipality", "Municipality"),
    ("street_fi", "Street in Finnish"),
    ("street_sv", "Street in Swedish"),
    ("house_number", "House number"),
    ("postal_code", "Postal code"),
    ("post_office_fi", "Post office in Finnish"),
    ("post_office_sv", "Post office in Swedish"),
    ("class", "Building class"),
    ("use_status", "Use status"),
    ("completed_on", "Date of completion"),
    ("floor_area", "Floor area"),
    ("easting", "Easting"),
    ("northing", "Northing"),
    ("owners", "Owners"),
)

REAL_ESTATE_FIELDS = _columns(
    "real_estate",
    ("real_estate_id", "Real-estate code"),
    ("name", "Name of the unit"),
    ("municipality", "Municipality"),
    ("area", "Area"),
    ("registered_on", "Date of registration"),
    ("ended_on", "Date of ending"),
    ("successor_id", "Successor"),
    ("owners", "Owners"),
)

OUTPUT_FIELDS = PERSON_FIELDS + BUILDING_FIELDS + REAL_ESTATE_FIELDS

# The code columns of the register, by subject.
CODE_FIELDS = {
    "person": "hetu",
    "building": "building_id",
    "real_estate": "real_estate_id",
}


def output_fields(subject: str = "person", *, evaluation: bool = False) -> tuple[OutputField, ...]:
    """The subject's fields in their order; those for evaluation alone only when asked for."""
    return tuple(
        field
        for field in OUTPUT_FIELDS
        if field.subject == subject and (evaluation or not field.evaluation_only)
    )


def output_field(name: str, subject: str = "person") -> OutputField:
    """The field of this name. Raises KeyError."""
    for field in OUTPUT_FIELDS:
        if field.name == name and field.subject == subject:
            return field
    raise KeyError(name)


def fields_of_package(package: str, subject: str = "person") -> tuple[OutputField, ...]:
    """The fields of a ready-made data package, `A` (address data) or `B` (basic person data)."""
    return tuple(field for field in output_fields(subject) if package in field.packages)


def header_key(header: str) -> str:
    """What of a header counts: its letters and digits, without case, accents, blanks and punctuation."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    return "".join(character for character in decomposed if character.isalnum())


_FIELD_BY_KEY = {header_key(header): field.name for field in INPUT_FIELDS for header in field.headers}
INPUT_NAMES = tuple(field.name for field in INPUT_FIELDS)


def recognise(header: str) -> str | None:
    """The input field that a header names, or None."""
    return _FIELD_BY_KEY.get(header_key(header))


def recognise_all(headers: Sequence[str]) -> dict[int, str]:
    """Column index → field. The first column that names a field has it; a later one is left alone."""
    found: dict[int, str] = {}
    for index, header in enumerate(headers):
        field = recognise(header)
        if field and field not in found.values():
            found[index] = field
    return found
