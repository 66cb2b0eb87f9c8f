"""The nine tables of a population extract, and the codes that their columns may hold (VTJ's code lists)."""

from dataclasses import dataclass

PERSON_COLUMNS = (
    "person_id hetu surname given_names call_name sex birth_date death_date municipality municipality_since "
    "mother_tongue marital_status citizenships absence_code protected_until prohibitions moved_on"
)
ADDRESS_COLUMNS = (
    "person_id kind street_fi street_sv house_number stair dwelling letter postal_code post_office_fi "
    "post_office_sv country building_id from_date to_date"
)
BUILDING_COLUMNS = (
    "building_id legacy_id real_estate_id municipality street_fi street_sv house_number postal_code "
    "post_office_fi post_office_sv class use_status completed_on floor_area easting northing"
)

_COLUMNS = {
    "person": PERSON_COLUMNS,
    "former_hetu": "person_id hetu ended_on",
    "former_name": "person_id kind name from_date to_date",
    "address": ADDRESS_COLUMNS,
    "building": BUILDING_COLUMNS,
    "dwelling": "building_id stair number letter floor_area rooms kitchen tenure use_status",
    "real_estate": "real_estate_id name municipality area registered_on ended_on successor_id",
    "owner": "property_id person_id business_id share from_date",
    "municipality": "code name_fi name_sv ended_on successor_code",
}
_DATES = (
    "birth_date death_date municipality_since protected_until moved_on ended_on from_date to_date "
    "completed_on registered_on"
)

# Column names and SQL types of each table, in the order of the contract. All but dates is text.
SCHEMA: dict[str, dict[str, str]] = {
    table: {column: "DATE" if column in _DATES.split() else "VARCHAR" for column in columns.split()}
    for table, columns in _COLUMNS.items()
}

ADDRESS_KINDS = (
    "permanent",
    "permanent_abroad",
    "postal",
    "postal_abroad",
    "temporary",
    "temporary_abroad",
    "contact",
    "former",
)


@dataclass(frozen=True)
class CodeList:
    """The values that a column may hold; an empty cell is always allowed."""

    table: str
    column: str
    values: tuple[str, ...]


CODE_LISTS = (
    CodeList("person", "sex", ("1", "2")),
    CodeList("person", "marital_status", ("0", "1", "2", "3", "4", "5", "6", "7", "8")),
    CodeList("person", "absence_code", ("0", "1", "5", "6", "7", "8", "9")),
    CodeList("address", "kind", ADDRESS_KINDS),
    CodeList("former_name", "kind", ("05", "06", "07", "08", "09", "10", "11", "12", "13")),
)
# Columns that may hold a value once only.
UNIQUE = (
    ("person", "person_id"),
    ("person", "hetu"),
    ("building", "building_id"),
    ("real_estate", "real_estate_id"),
    ("municipality", "code"),
)
CHILDREN = ("former_hetu", "former_name", "address", "owner")

# The column by which a change batch names whose row it tells: the key of a table whose rows stand alone, the
# subject of one whose rows are told together.
NAMED_BY = {
    "person": "person_id",
    "former_hetu": "person_id",
    "former_name": "person_id",
    "address": "person_id",
    "building": "building_id",
    "dwelling": "building_id",
    "real_estate": "real_estate_id",
    "owner": "property_id",
    "municipality": "code",
}
