"""Buildings are found by their identifier, by a former or a mistyped one, else by their address."""

from pathlib import Path

import pytest

from tests.matching.drawn import match_rows
from tests.matching.properties import BARN, HOME, LEFT, SHOP, draw_town, prt


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_town(tmp_path_factory.mktemp("town"))


def outcome(folder: Path, store: Path, rows: str) -> dict[str, tuple[str, str, str]]:
    """Row id → result, rule, building."""
    out = match_rows(folder, store, rows, "building_id", subject="building")
    return {row["row_id"]: (row["vtj_result"], row["vtj_rule"], row["vtj_building_id"]) for row in out}


ROWS = f"""
    row_id     | building_id | street             | postal_code | post_office
    same       | {HOME}      | Koivutie 5         | 00100       | Helsinki
    lower      | {HOME.lower()} |                 |             |
    former     | 91-2-5-3-k-1 |                   |             |
    repaired   | {HOME[:4]}0{HOME[5:]} | Koivutie 5 | 00100    |
    data       |             | Koivutie 5         | 00100       |
    conflict   | {HOME}      | Hovioikeudenpuistikko 1 | 65100  | Vaasa
    ambiguous  |             | Koivutie 9         | 00100       |
    not found  | {prt(99)}   |                    |             |
    nowhere    |             | Koivutie 99        | 00100       |
    invalid    | 123         |                    |             |
    wrong sign | {HOME[:9]}A |                    |             |
    empty      |             |                    |             |
    no number  |             | Koivutie           | 00100       |
    no place   |             | Koivutie 5         |             |
"""


def test_each_row_gets_the_result_that_it_deserves(store: Path, tmp_path: Path) -> None:
    assert outcome(tmp_path, store, ROWS) == {
        "same": ("match_id", "code", HOME),
        "lower": ("match_id", "code", HOME),
        "former": ("match_id_changed", "former_code", HOME),
        "repaired": ("match_id_repaired", "repaired_code", HOME),
        "data": ("match_data", "address", HOME),
        "conflict": ("conflict", "other_address", ""),
        "ambiguous": ("ambiguous", "address", ""),
        "not found": ("not_found", "", ""),
        "nowhere": ("not_found", "", ""),
        "invalid": ("invalid_id", "invalid_format", ""),
        "wrong sign": ("invalid_id", "invalid_check", ""),
        "empty": ("insufficient_data", "", ""),
        "no number": ("insufficient_data", "", ""),
        "no place": ("insufficient_data", "", ""),
    }


@pytest.mark.parametrize(
    ("street", "building"),
    [
        ("koivutie 5", HOME),
        ("Koivut. 5", HOME),
        ("Koivu tie 5", HOME),
        ("BJÖRKVÄGEN 5", HOME),
        ("Björkv. 5 A 12", HOME),
        ("c/o Virtanen, Koivutie 5", HOME),
        ("Koivutie 5 B", HOME),
        ("Koivutie 5b", HOME),
        ("Koivutie 7b", SHOP),
        ("Koivutie 7 B 2", SHOP),
        ("Koivutie 7", ""),
        ("PL 5", ""),
    ],
)
def test_an_address_is_read_as_people_write_it(
    store: Path, tmp_path: Path, street: str, building: str
) -> None:
    rows = f"row_id | street | postal_code\n1 | {street} | 00100"
    assert outcome(tmp_path, store, rows)["1"][2] == building


def test_a_house_number_may_stand_in_a_column_of_its_own(store: Path, tmp_path: Path) -> None:
    rows = "row_id | street | house_number | postal_code\n1 | Koivutie | 7 B | 00100\n2 | Koivutie | 5 | 100"
    found = outcome(tmp_path, store, rows)
    assert (found["1"][2], found["2"][2]) == (SHOP, HOME)


def test_a_range_of_house_numbers_is_sought_at_both_ends(store: Path, tmp_path: Path) -> None:
    rows = """
        row_id | street         | postal_code
        near   | Koivutie 5-6   | 00100
        far    | Koivutie 3–5 A 2 | 00100
        fall   | Koivutie 12-5  | 00100
        both   | Koivutie 5 - 9 | 00100
    """
    found = outcome(tmp_path, store, rows)
    assert [found[name][2] for name in ("near", "far", "fall")] == [HOME, HOME, ""]
    assert found["both"] == ("ambiguous", "address", "")


def test_the_place_may_be_a_municipality_or_a_post_office(store: Path, tmp_path: Path) -> None:
    rows = """
        row_id     | street     | municipality | post_office | postal_code
        number     | Koivutie 5 | 91           |             |
        name       | Koivutie 5 | Helsingfors  |             |
        office     | Koivutie 5 |              | HELSINKI    |
        other code | Koivutie 5 |              | Helsinki    | 00999
        elsewhere  | Koivutie 5 | Espoo        |             |
        abolished  | Niemelä    | Maksamaa     |             |
    """
    found = outcome(tmp_path, store, rows)
    by_place = ("match_data", "address_in_municipality", HOME)
    assert [found[name] for name in ("number", "name", "office", "other code")] == [by_place] * 4
    assert found["elsewhere"] == ("not_found", "", "")
    assert found["abolished"] == ("match_data", "address_in_municipality", BARN)


def test_a_street_one_slip_away_is_found_in_its_postal_area(store: Path, tmp_path: Path) -> None:
    rows = """
        row_id  | street     | postal_code | municipality
        swapped | Kiovutie 5 | 00100       |
        missing | Kovutie 5  | 00100       |
        two     | Kivutti 5  | 00100       |
        no area | Kovutie 5  |             | Helsinki
        many    | Kovutie 9  | 00100       |
    """
    found = outcome(tmp_path, store, rows)
    assert found["swapped"] == found["missing"] == ("match_data", "near_street", HOME)
    assert found["two"] == found["no area"] == ("not_found", "", "")
    assert found["many"] == ("ambiguous", "near_street", "")


def test_a_street_that_the_area_has_is_no_misspelling_of_another(tmp_path: Path) -> None:
    store = draw_town(
        tmp_path,
        building="building_id | street_fi | house_number | postal_code\n"
        f"{HOME} | Koivutie | 5 | 00100\n{SHOP} | Kaivutie | 6 | 00100\n{BARN} | 1. linja | 4 | 00100",
    )
    rows = "row_id | street | postal_code\n1 | Kaivutie 5 | 00100\n2 | 2. linja 4 | 00100"
    assert {found[0] for found in outcome(tmp_path, store, rows).values()} == {"not_found"}


def test_the_confidence_is_that_of_the_way_in_which_it_was_found(store: Path, tmp_path: Path) -> None:
    rows = """
        row_id | building_id | street      | postal_code | municipality
        1      |             | Koivutie 5  | 00100       |
        2      |             | Koivutie 5b | 00100       |
        3      |             | Koivutie 5  |             | Helsinki
        4      |             | Kovutie 5   | 00100       |
        5      | 91-2-5-3-K-1 |            |             |
    """
    out = match_rows(tmp_path, store, rows, subject="building")
    assert [row["vtj_confidence"] for row in out] == ["0.99", "0.97", "0.97", "0.95", ""]


def test_rule_7_a_mistyped_identifier_is_repaired_only_where_the_address_agrees(
    store: Path, tmp_path: Path
) -> None:
    slips = [HOME[:4] + "0" + HOME[5:], HOME[:3] + HOME[4] + HOME[3] + HOME[5:], HOME[:-2] + HOME[-1]]
    two = HOME[:4] + "00" + HOME[6:]
    rows = "row_id | building_id | street | postal_code\n" + "\n".join(
        [f"{slip} | {slip} | Koivutie 5 | 00100" for slip in [*slips, two]]
        + [f"elsewhere | {slips[0]} | Niemelä | 66640", f"alone | {slips[0]} | |"]
    )
    found = outcome(tmp_path, store, rows)
    assert {found[slip] for slip in slips} == {("match_id_repaired", "repaired_code", HOME)}
    assert found[two] == ("match_data", "address", HOME)
    assert found["elsewhere"] == ("match_data", "address", BARN)
    assert found["alone"] == ("invalid_id", "invalid_check", "")


def test_a_mistyped_identifier_chooses_among_the_buildings_of_an_address(store: Path, tmp_path: Path) -> None:
    slip = LEFT[:4] + "9" + LEFT[5:]
    rows = f"row_id | building_id | street | postal_code\n1 | {slip} | Koivutie 9 | 00100"
    assert outcome(tmp_path, store, rows)["1"] == ("match_id_repaired", "repaired_code", LEFT)


@pytest.mark.parametrize(
    ("street", "postal_code", "municipality", "result"),
    [
        ("Rantakatu 1", "65100", "Vaasa", "conflict"),
        ("Rantakatu 1", "65100", "", "conflict"),
        ("Rantakatu 1", "65100", "Helsinki", "match_id"),
        ("Rantakatu 1", "00990", "", "match_id"),
        ("Rantakatu 1", "", "", "match_id"),
        ("Koivukatu 1", "65100", "Vaasa", "match_id"),
        ("Björkvägen 1", "65100", "Vaasa", "match_id"),
        ("", "65100", "Vaasa", "match_id"),
    ],
)
def test_only_another_street_in_another_place_contradicts_an_identifier(
    store: Path, tmp_path: Path, street: str, postal_code: str, municipality: str, result: str
) -> None:
    sent = f"{HOME} | {street} | {postal_code} | {municipality}"
    rows = f"building_id | street | postal_code | municipality\n{sent}"
    assert match_rows(tmp_path, store, rows, subject="building")[0]["vtj_result"] == result


def test_a_legacy_identifier_of_two_buildings_finds_neither(tmp_path: Path) -> None:
    store = draw_town(
        tmp_path, building=f"building_id | legacy_id\n{HOME} | 91-2-5-3-K-1\n{SHOP} | 09100200050003K001"
    )
    found = outcome(tmp_path, store, "row_id | building_id\n1 | 91-2-5-3-K-1")
    assert found["1"] == ("not_found", "", "")


LETTERS = f"building_id | street_fi | house_number | postal_code\n{HOME} | Koivutie | 7 | 00100\n"
BOTH = ("ambiguous", "address", "")
OF_7, OF_7A = ("match_data", "address", HOME), ("match_data", "address", SHOP)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A street with a house 7, which has stairs, and a house 7a."""
    more = f"{SHOP} | Koivutie | 7a | 00100"
    return draw_town(tmp_path_factory.mktemp("split"), building=LETTERS + more)


@pytest.mark.parametrize(
    ("street", "number", "found"),
    [
        ("Koivutie 7 A 3", "", OF_7),
        ("Koivutie 7 A as 3", "", OF_7),
        ("Koivutie 7A 3", "", OF_7),
        ("Koivutie 7 A", "", BOTH),
        ("Koivutie 7A", "", BOTH),
        ("Koivutie 7a", "", OF_7A),
        ("Koivutie 7 a 3", "", OF_7A),
        ("koivutie 7 a", "", OF_7A),
        ("koivutie 7 a 3", "", BOTH),
        ("KOIVUTIE 7 A 3", "", BOTH),
        ("KOIVUTIE 7A", "", BOTH),
        ("Koivutie", "7 A 3", OF_7),
        ("Koivutie", "7 A", BOTH),
        ("Koivutie", "7a", OF_7A),
        ("Koivutie 7 A 3", "7", OF_7),
        ("Koivutie 7", "", OF_7),
        ("Koivutie 7 B 3", "", OF_7),
    ],
)
def test_the_letters_case_tells_a_stair_from_a_house(
    split: Path, tmp_path: Path, street: str, number: str, found: tuple[str, str, str]
) -> None:
    rows = f"row_id | street | house_number | postal_code\n1 | {street} | {number} | 00100"
    assert outcome(tmp_path, split, rows)["1"] == found


@pytest.mark.parametrize(
    ("street", "confidence"), [("Koivutie 7 A 3", "0.99"), ("Koivutie 7A 3", "0.97"), ("Koivutie 7A", "0.97")]
)
def test_a_house_found_only_without_the_letter_beside_its_number_is_less_sure(
    tmp_path: Path, street: str, confidence: str
) -> None:
    store = draw_town(tmp_path, building=LETTERS)
    rows = f"row_id | street | postal_code\n1 | {street} | 00100"
    (row,) = match_rows(tmp_path, store, rows, "building_id", subject="building")
    assert (row["vtj_building_id"], row["vtj_confidence"]) == (HOME, confidence)


def test_a_postal_region_does_not_outweigh_a_municipality_and_a_post_office(
    store: Path, tmp_path: Path
) -> None:
    rows = f"""
        row_id    | building_id | street          | postal_code | post_office | municipality
        both      | {HOME}      | Mannerheimintie 1 | 00200     | ESPOO       | Espoo
        same area | {HOME}      | Mannerheimintie 1 | 00100     | ESPOO       | Espoo
        office    | {HOME}      | Mannerheimintie 1 | 00200     | ESPOO       |
        street    | {HOME}      | Koivutie 5        | 00200     | ESPOO       | Espoo
    """
    found = {name: row[0] for name, row in outcome(tmp_path, store, rows).items()}
    assert found == {"both": "conflict", "same area": "match_id", "office": "match_id", "street": "match_id"}
