"""Domain rules 1 to 4 and 7 to 9: what is an identifier and what is not."""

from collections.abc import Callable, Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import identifiers
from matching.identifiers import InvalidHetu, InvalidIdentifier, hetu_check_character, parse_hetu
from tests.matching.drawn import TODAY, code

# The registry's own published codes of made-up persons.
PUBLISHED = (
    *(
        "010594Y9032",
        "010594Y9021",
        "020594X903P",
        "020594X902N",
        "030594W903B",
        "030694W9024",
        "040594V9030",
    ),
    *(
        "040594V902Y",
        "050594U903M",
        "050594U902L",
        "010516B903X",
        "010516B902W",
        "020516C903K",
        "020516C902J",
    ),
    *(
        "030516D9037",
        "030516D9026",
        "010501E9032",
        "020502E902X",
        "020503F9037",
        "020504A902E",
        "020504B904H",
    ),
)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def reason(text: str, on: date = TODAY) -> str | None:
    try:
        parse_hetu(text, on=on)
    except InvalidHetu as error:
        return error.reason
    return None


def sql_reason(con: duckdb.DuckDBPyConnection, text: str) -> str | None:
    query = (
        f"SELECT {identifiers.hetu_problem_sql('code', 'CAST(? AS DATE)')}"
        f" FROM (SELECT {identifiers.normalise_hetu_sql('sent')} AS code FROM (SELECT ? AS sent))"
    )
    return con.execute(query, [TODAY, text]).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("131052-308T", None),
        ("131052-308U", "check"),
        (" 131052-308t ", None),
        ("131052\u2013308T", None),
        ("310252-3087", "date"),
        (code("010101-001"), "number"),
        (code("010101-002"), None),
        (code("241126A902"), "future"),
        (code("010100+902"), None),
        ("131052-308", "length"),
        ("13105A-308T", "digits"),
        ("", "length"),
    ],
)
def test_rule_1_a_code_is_valid_only_with_a_real_date_number_and_check(
    con: duckdb.DuckDBPyConnection, text: str, expected: str | None
) -> None:
    assert reason(text) == expected
    assert sql_reason(con, text) == expected


@pytest.mark.parametrize("text", PUBLISHED)
def test_rule_2_every_published_code_is_valid(text: str) -> None:
    assert parse_hetu(text).code == text


def test_rule_2_each_separator_tells_its_century() -> None:
    born = {sign: parse_hetu(code(f"010101{sign}902")).birth_date.year for sign in "+-YXWVUABCDEF"}
    assert born == {"+": 1801} | dict.fromkeys("-YXWVU", 1901) | dict.fromkeys("ABCDEF", 2001)


@pytest.mark.parametrize("separator", "/,.:;<=>?@GZ0 9_")
def test_rule_2_no_other_separator_is_valid(separator: str) -> None:
    assert reason(f"131052{separator}308T") == "separator"


def test_rule_3_codes_that_differ_in_the_separator_alone_are_different() -> None:
    assert parse_hetu("010594-9032").code != parse_hetu("010594Y9032").code


@pytest.mark.parametrize(
    ("number", "artificial"), [("002", False), ("899", False), ("900", True), ("999", True)]
)
def test_rule_4_numbers_from_900_are_artificial(number: str, artificial: bool) -> None:
    assert parse_hetu(code(f"010190-{number}")).artificial is artificial


@pytest.mark.parametrize("text", ["100000000E", "1234567892", "103456789S", " 103456789s "])
def test_rule_7_a_building_identifier_is_valid(text: str) -> None:
    assert identifiers.parse_prt(text) == text.strip().upper()


@pytest.mark.parametrize("text", ["100000000F", "200000000E", "10000000E", "100000000EE", "", "1００000000E"])
def test_rule_7_a_building_identifier_with_a_fault_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier):
        identifiers.parse_prt(text)


@pytest.mark.parametrize("text", ["91-2-5-3", "091-002-0005-0003", "09100200050003"])
def test_rule_8_a_real_estate_code_is_kept_as_14_digits(text: str) -> None:
    assert identifiers.parse_real_estate(text) == identifiers.RealEstateCode("09100200050003")


@pytest.mark.parametrize("text", ["91-2-5-3-M601", "91-2-5-3M601", "09100200050003M601"])
def test_rule_8_a_parcel_is_recognised(text: str) -> None:
    assert identifiers.parse_real_estate(text) == identifiers.RealEstateCode("09100200050003", "M601")


def test_rule_8_the_prefix_of_an_abolished_municipality_is_accepted() -> None:
    assert identifiers.parse_real_estate("999-1-1-1").code == "99900100010001"


@pytest.mark.parametrize("text", ["91-2-5", "9100200050003", "91-2-5-12345", "a-2-5-3"])
def test_rule_8_what_is_no_real_estate_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier):
        identifiers.parse_real_estate(text)


@pytest.mark.parametrize(("text", "expected"), [("2077474-0", "2077474-0"), ("20774740", "2077474-0")])
def test_rule_9_a_business_id_is_checked_and_written_with_its_hyphen(text: str, expected: str) -> None:
    assert identifiers.parse_business_id(text) == expected


@pytest.mark.parametrize("text", ["2077474-1", "FI20774740", "", "2077474"])
def test_rule_9_what_is_no_business_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier):
        identifiers.parse_business_id(text)


near_codes = st.from_regex(r"\A[ \t]?[0-3]?[0-9]{5}[-+A-Za-z/\u2013,][0-9]{3}[0-9A-Ya-y]\s?\Z")
valid_codes = st.builds(
    lambda day, sign, number: code(f"{day:%d%m%y}{sign}{number:03}"),
    st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    st.sampled_from("+-YXWVUABCDEF/"),
    st.integers(0, 999),
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(near_codes, valid_codes, st.text(max_size=14)))
def test_python_and_sql_agree_on_every_code(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert sql_reason(con, text) == reason(text)


@pytest.mark.parametrize("text", ["91-2-5-3-K-1", "091-002-0005-0003-k-001", " 09100200050003K001 "])
def test_a_former_building_identifier_is_kept_as_18_characters(text: str) -> None:
    assert identifiers.parse_legacy_building(text) == "09100200050003K001"


TWINS = {
    identifiers.parse_prt: lambda code: (
        f"CASE WHEN {identifiers.prt_problem_sql(code)} IS NULL THEN {code} END"
    ),
    identifiers.parse_legacy_building: identifiers.legacy_building_sql,
    lambda text: identifiers.parse_real_estate(text).code: identifiers.real_estate_sql,
}
property_codes = st.one_of(
    st.from_regex(r"\A\s?1[0-9]{8}[0-9A-Za-z]\n?\Z"),
    st.integers(0, 99_999_999).map(lambda number: f"1{number:08}" + hetu_check_character(10**8 + number)),
    st.from_regex(r"\A[0-9]{1,4}[-\u2013][0-9]{1,3}-[0-9]{1,4}-[0-9]{1,5}(-[0-9A-Z]-[0-9]{1,4})?\Z"),
    st.from_regex(r"\A[0-9]{1,3}(-[0-9]{1,3}){3}-?[Mm]?[0-9]{1,4}\Z"),
    st.from_regex(r"\A[0-9]{13,14}([-M]{0,2}[0-9]{1,4}|[0-9A-Z][0-9]{3})?\Z"),
    st.text(max_size=20),
)


@pytest.mark.parametrize("parse", TWINS)
@settings(max_examples=300, deadline=None)
@given(text=property_codes)
def test_python_and_sql_agree_on_every_code_of_a_property(
    con: duckdb.DuckDBPyConnection, parse: Callable[[str], str], text: str
) -> None:
    try:
        expected = parse(text)
    except InvalidIdentifier:
        expected = None
    sent = f"(SELECT {identifiers.normalise_hetu_sql('sent')} AS code FROM (SELECT ? AS sent))"
    assert con.execute(f"SELECT {TWINS[parse]('code')} FROM {sent}", [text]).fetchall() == [(expected,)]
