"""The instant report on a register of buildings or of real estate counts their codes."""

from pathlib import Path

from matching.register.loading import check
from tests.matching.properties import HOME, SHOP


def test_building_identifiers_are_counted(tmp_path: Path) -> None:
    codes = [HOME, HOME.lower(), SHOP, "91-2-5-3-K-1", "09100200050003K001", "", "1234", HOME[:9] + "A"]
    (tmp_path / "r.csv").write_text("building_id,sex\n" + "\n".join(f"{code},1" for code in codes))
    found = check(tmp_path / "r.csv", subject="building")
    assert (found.codes_valid, found.codes_missing, found.codes_artificial) == (5, 1, 0)
    assert {reason: rows.rows for reason, rows in found.codes_invalid.items()} == {
        "format": [7],
        "check": [8],
    }
    assert found.codes_repeated.rows == [2, 5]
    assert found.sex_unlike_code.total == 0


def test_real_estate_codes_are_counted_each_parcel_by_itself(tmp_path: Path) -> None:
    codes = ["91-2-5-3", "09100200050003", "91-2-5-3-M601", "91-2-5-3M601", "91-2-5-4", "91-2-5", ""]
    (tmp_path / "r.csv").write_text("real_estate_id,name\n" + "\n".join(f"{code},x" for code in codes))
    found = check(tmp_path / "r.csv", subject="real_estate")
    assert (found.codes_valid, found.codes_missing) == (5, 1)
    assert {reason: rows.rows for reason, rows in found.codes_invalid.items()} == {"format": [6]}
    assert found.codes_repeated.rows == [2, 4]


def test_a_register_without_the_subjects_column_lacks_every_code(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("hetu\n010190-900P\n010190-900P\n")
    found = check(tmp_path / "r.csv", subject="building")
    assert (found.codes_valid, found.codes_missing, found.codes_repeated.total) == (0, 2, 0)
