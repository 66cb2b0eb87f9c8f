"""Rows without a code that name one person by other data, each with one fault that registers have."""

from pathlib import Path

import pytest

from matching import engine
from tests.matching.drawn import TODAY, match_rows, results, table, write_table

HEADER = "row_id | surname | given_names | former_surname | birth_date | street | postal_code"


def person_of(folder: Path, store: Path, row: str, header: str = HEADER) -> tuple[str, str]:
    """(result, person_id) of one row without a code."""
    (out,) = match_rows(folder, store, f"{header}\n1 | {row}", "person_id")
    return out["vtj_result"], out["vtj_person_id"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Anna Maria Kuusela", "anna"),
        ("Kuusela Anna Maria", "anna"),
        ("Kuusela, Anna Maria", "anna"),
        ("KUUSELA MARIA", "anna"),
    ],
)
def test_a_whole_name_is_read_in_both_orders(
    town_store: Path, tmp_path: Path, name: str, person: str
) -> None:
    row = f"{name} | 12.3.1985"
    assert person_of(tmp_path, town_store, row, "row_id | name | birth_date") == ("match_data", person)


@pytest.mark.parametrize("name", ["Essenberg, Gustaf", "Carl Gustaf von Essenberg", "af Essenberg Carl"])
def test_particles_are_no_part_of_the_name(town_store: Path, tmp_path: Path, name: str) -> None:
    row = f"{name} | 8.12.1966"
    assert person_of(tmp_path, town_store, row, "row_id | name | birth_date") == ("match_data", "carl")


HOME = "Esimerkkikatu 5 A 3 | 90100"


@pytest.mark.parametrize(
    "row",
    [
        "Kuusela | Anna Maria | | 12.3.1985 | |",
        "Kuusela | Maria | | 12.3.1985 | |",
        f"Kuusela | A. M. | | 12.3.1985 | {HOME}",
        f"Kuusela | Anna | | 3.12.1985 | {HOME}",
        f"Kuusela | Anna | | 12.3.1986 | {HOME}",
        f"Kuusela | Anna Maria | | | {HOME}",
        f"Kuusela | Tuntematon | | 12.3.1985 | {HOME}",
        f"Tuntematon | Anna | | 12.3.1985 | {HOME}",
        f"Kuusela | Anna | | 01.01.1900 | {HOME}",
        "Kuusela | Anna | | 12.3.1985 | Vanhatie 7 | 40100",
        "Kuusela | Anna | | | Vanhatie 7 | 40100",
        "Kuusela | Anna Maria | | | Exempelgatan 5 A 3 | 90100",
        "Kuusela | Anna Maria | | | Esimerkkikatu 5 A as. 3 | 90100",
        "Kusela | Anna | | 12.3.1985 | Muualla 1 | 90100",
        "Kuusela | Anna Maria | | 12.3.1995 | |",  # found by the sound of both names alone
        "Kusela | Ana | | 21.3.1985 | Esmerkkikatu 5 | 90100",  # by house number and postal code
    ],
)
def test_one_fault_does_not_hide_a_person(town_store: Path, tmp_path: Path, row: str) -> None:
    assert person_of(tmp_path, town_store, row) == ("match_data", "anna")


@pytest.mark.parametrize(
    "row",
    [
        "MäkiPetäjä | AnnaLeena | | 11.7.1977 | |",
        "Mäki Petäjä | Anna Leena | | 11.7.1977 | |",
        "Petäjä | Anna-Leena | | 11.7.1977 | |",
        "Mäki\u2010Petäjä | Leena | | 11.7.1977 | |",
    ],
)
def test_a_lost_hyphen_or_half_of_a_double_name_is_no_other_name(
    town_store: Path, tmp_path: Path, row: str
) -> None:
    assert person_of(tmp_path, town_store, row) == ("match_data", "hyphen")


@pytest.mark.parametrize(
    "row",
    [
        "SjÃ¶strÃ¶m | BjÃ¶rn | | 19.3.1959 | |",
        "Sjostrom | Bjorn Ake | | 19.3.1959 | |",
        "Sj?str?m | Bj?rn | | 19.3.1959 | Tammikatu 10 | 22100",
        "Sj\ufffdstr\ufffdm | Bj\ufffdrn | | 19.3.1959 | Ekgatan 10 | 22100",
    ],
)
def test_damaged_letters_do_not_hide_a_person(town_store: Path, tmp_path: Path, row: str) -> None:
    assert person_of(tmp_path, town_store, row) == ("match_data", "bjorn")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Saarikoski | Liisa | | 22.9.1990 | |", "surname: former"),
        ("Uusinimi | Liisa Hannele | Lehtovaara | 22.9.1990 | |", "surname: former"),
        ("Lehtovaara | Lissu | | 22.9.1990 | |", "given_names: one of them"),
        ("Liisa Hannele | Lehtovaara | | 22.9.1990 | |", "surname: same, given_names: same"),
        ("Liisa | Saarikoski | | 22.9.1990 | Pihlajakatu 6 B 12 | 00200", "surname: former"),
    ],
)
def test_rule_16_former_and_swapped_names_match_and_kind_and_confidence_are_told(
    town_store: Path, tmp_path: Path, row: str, rule: str
) -> None:
    (out,) = match_rows(tmp_path, town_store, f"{HEADER}\n1 | {row}", "person_id")
    assert (out["vtj_result"], out["vtj_person_id"]) == ("match_data", "liisa")
    assert rule in out["vtj_rule"]
    assert 0.9 < float(out["vtj_confidence"]) <= 1


@pytest.mark.parametrize(
    ("row", "result"),
    [
        ("Pihkakoski | Veikko | | 5.5.1955 | Kuja 1 | 00100", "not_found"),
        ("Kuusela | Pirkko | | 6.6.1944 | |", "not_found"),
        ("Kuusela | Anna | | | |", "insufficient_data"),
        ("| | | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100", "insufficient_data"),
        ("Tuntematon | X | | 12.3.1985 | Esimerkkikatu 5 A 3 | 90100", "insufficient_data"),
    ],
)
def test_others_are_not_found_or_have_too_little(
    town_store: Path, tmp_path: Path, row: str, result: str
) -> None:
    assert person_of(tmp_path, town_store, row) == (result, "")


def test_rule_18_a_person_found_by_an_old_address_is_given_the_best_one(
    town_store: Path, tmp_path: Path
) -> None:
    row = f"{HEADER}\n1 | Kuusela | Anna | | 12.3.1985 | Vanhatie 7 | 40100"
    (out,) = match_rows(tmp_path, town_store, row, "street address_kind")
    assert (out["vtj_street"], out["vtj_address_kind"]) == ("Esimerkkikatu 5 A 3", "permanent")
    assert "street" in out["vtj_changed"].split(";")


def test_one_person_in_two_rows_is_given_in_each_and_told(town_store: Path, tmp_path: Path) -> None:
    rows = f"""
        {HEADER}
        1 | Kuusela | Anna | | 12.3.1985 | |
        2 | Kuusela | Maria | | 12.3.1985 | |
    """
    assert results(match_rows(tmp_path, town_store, rows)) == {"1": "match_data", "2": "match_data"}
    register = write_table(tmp_path / "twice.csv", table(rows))
    report = engine.match(register, town_store, tmp_path / "twice-out.csv", on=TODAY)
    assert report["same_subject"] == 2
