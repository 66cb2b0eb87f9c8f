"""Mistyped codes: one repair that finds one person, whose name and birth date agree with the row."""

from pathlib import Path

import pytest

from tests.matching.drawn import code, draw_store, match_rows

ANNA = code("120385-901")
HEADER = "row_id | hetu | surname | given_names | birth_date | street | postal_code"


def decided(folder: Path, store: Path, row: str) -> tuple[str, str]:
    (out,) = match_rows(folder, store, f"{HEADER}\n1 | {row}", "person_id")
    return out["vtj_result"], out["vtj_person_id"]


MISTYPED = {
    "another digit": ANNA[:8] + "4" + ANNA[9:],
    "another check character": ANNA[:10] + ("A" if ANNA[10] != "A" else "B"),
    "two digits exchanged": ANNA[:8] + ANNA[9] + ANNA[8] + ANNA[10:],
    "a digit missing": ANNA[:8] + ANNA[9:],
    "a digit too many": ANNA[:8] + "7" + ANNA[8:],
    "another sign for the separator": ANNA.replace("-", "/"),
}


@pytest.mark.parametrize("typed", MISTYPED.values(), ids=MISTYPED.keys())
def test_one_slip_of_the_finger_is_mended(town_store: Path, tmp_path: Path, typed: str) -> None:
    row = f"{typed} | Kuusela | Anna | 12.3.1985 | |"
    assert decided(tmp_path, town_store, row) == ("match_id_repaired", "anna")


def test_the_rule_of_a_mended_code_is_told(town_store: Path, tmp_path: Path) -> None:
    row = f"{MISTYPED['a digit missing']} | Kuusela | Anna | 12.3.1985 | |"
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {row}", "hetu")
    assert (out["vtj_rule"], out["vtj_hetu"], out["vtj_changed"]) == ("repaired_code", ANNA, "hetu")


@pytest.mark.parametrize(
    "row",
    [
        "Pihkakoski | Veikko | 12.3.1985 | |",
        "Kuusela | Anna | 13.4.1944 | |",
        "| | 12.3.1985 | |",
    ],
)
def test_another_name_or_birth_date_mends_nothing(town_store: Path, tmp_path: Path, row: str) -> None:
    typed = MISTYPED["another check character"]
    assert decided(tmp_path, town_store, f"{typed} | {row}") == ("invalid_id", "")


def test_two_slips_are_not_mended_but_other_data_are_tried(town_store: Path, tmp_path: Path) -> None:
    typed = "21" + ANNA[2:10] + MISTYPED["another check character"][10]
    by_data = f"{typed} | Kuusela | Anna | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100"
    assert decided(tmp_path, town_store, by_data) == ("match_data", "anna")
    assert decided(tmp_path, town_store, f"{typed} | Pihkakoski | Veikko | 1.2.1933 | |") == (
        "invalid_id",
        "",
    )


def test_a_code_that_two_repairs_make_two_persons_is_not_mended(tmp_path: Path) -> None:
    # Two persons who differ in one digit of the number and in the check character.
    first, second = "010190-900", "010190-901"
    typed = first + code(second)[10]
    persons = f"""
        person_id | hetu          | surname  | given_names | birth_date
        one       | {code(first)} | Virtanen | Anna        | 1990-01-01
        two       | {code(second)} | Virtanen | Anna       | 1990-01-01
    """
    store = draw_store(tmp_path, person=persons)
    row = f"{typed} | Virtanen | Anna | 1.1.1990 | |"
    assert decided(tmp_path, store, row) == ("ambiguous", "")


def test_a_mended_code_may_be_a_former_one(tmp_path: Path) -> None:
    former = code("010190-900")
    store = draw_store(
        tmp_path,
        person=f"person_id | hetu | surname | birth_date\none | {code('010190-990')} | Virtanen | 1990-01-01",
        former_hetu=f"person_id | hetu\none | {former}",
    )
    row = f"{former[:10]}? | Virtanen | | 1.1.1990 | |"
    assert decided(tmp_path, store, row) == ("match_id_repaired", "one")


UNKNOWN = code("120385-977")


def test_a_sound_code_of_nobody_counts_against_the_person_found_by_other_data(
    town_store: Path, tmp_path: Path
) -> None:
    row = "Kuusela | Anna | 12.4.1985 | |"
    assert decided(tmp_path, town_store, f" | {row}") == ("match_data", "anna")
    assert decided(tmp_path, town_store, f"{code('260451-977')} | {row}") == ("ambiguous", "")
    assert decided(tmp_path, town_store, f"{UNKNOWN} | Pihkakoski | Veikko | 1.2.1933 | |") == (
        "not_found",
        "",
    )


def test_a_sound_code_of_nobody_is_never_mended(town_store: Path, tmp_path: Path) -> None:
    row = f"{UNKNOWN} | Kuusela | Anna | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100"
    assert decided(tmp_path, town_store, row)[0] != "match_id_repaired"
