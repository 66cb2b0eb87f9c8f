"""An address that differs from the person's by slips is evidence still; which, the level of `home` tells."""

from pathlib import Path

import duckdb
import pytest

from matching.doubts.explain import explain_row
from matching.store.versions import open_version
from tests.matching.drawn import TODAY, draw_store, table, write_table

PERSON = """
    person_id | surname | given_names | birth_date | protected_until
    anna      | Kuusela | Anna        | 1985-03-12 |
    hidden    | Salava  | Helka       | 1970-01-01 | 2020-01-01
"""
ADDRESS = """
    person_id|kind     |street_fi    |street_sv   |house_number|postal_code|post_office_fi|post_office_sv
    anna     |permanent|Esimerkkikatu|Exempelgatan|5           |65100      |Vaasa         |Vasa
    anna     |former   |Vanhatie     |            |7           |40100      |Jyväskylä     |
    hidden   |permanent|Piilokuja    |            |3           |33100      |Tampere       |
"""
HEADER = "surname | given_names | birth_date | street | postal_code | post_office"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_store(tmp_path_factory.mktemp("homes"), person=PERSON, address=ADDRESS)


def home_level(folder: Path, store: Path, row: str) -> str | None:
    """Of the row's nearest person."""
    register = write_table(folder / "register.csv", table(f"{HEADER}\n{row}"))
    nearest = explain_row(register, store, 1, on=TODAY)["candidates"][0]
    return next(step["level"] for step in nearest["steps"] if step["name"] == "home")


@pytest.mark.parametrize(
    ("home", "level"),
    [
        ("Esimerkkikatu 5 | 65100 | Vaasa", "flat"),
        ("Esimerkikatu 5 | 65100 | Vaasa", "nearly the house"),
        ("Exempelgattan 5 | 65100 | Vasa", "nearly the house"),
        ("Esimerkki katu 5 | 65100 |", "nearly the house"),
        ("5 | 65100 |", "nearly the house"),
        ("Toinenkuja 5 | 65100 | Vaasa", "house number and postal code"),
        ("Esimerkkikatu | 65100 | Vaasa", "street and place"),
        ("Esimerkikatu 6 | 65100 | Vaasa", "street and place"),
        ("Exempelgatan | 65011 | Vasa", "street and place"),
        ("Esimerkkikatu | 56100 |", "street and place"),
        ("Toinenkuja 6 | 65100 | Vaasa", "postal code"),
        ("Toinenkuja 6 | 65110 | Espoo", "place"),
        ("Toinenkuja 6 | 99999 | VASA", "place"),
        ("Toinenkuja 6 | 65999 | Espoo", "region"),
        ("Esimerkkikatu 6 | 99999 | Espoo", "other"),
        (" | | Vaasa", None),
    ],
)
def test_a_misspelt_home_has_the_level_of_what_agrees(
    store: Path, tmp_path: Path, home: str, level: str | None
) -> None:
    assert home_level(tmp_path, store, f"Kuusela | Anna | 12.3.1985 | {home}") == level


def test_a_former_home_is_compared_by_its_numbers_alone(store: Path, tmp_path: Path) -> None:
    level = home_level(tmp_path, store, "Kuusela | Anna | 12.3.1985 | Vanhattie 7 | 40110 | Jyväskylä")
    assert level == "region"


def test_of_whom_a_turvakielto_hides_or_hid_no_home_is_kept_as_text(store: Path, tmp_path: Path) -> None:
    trait = str(open_version(store).path / "trait.parquet")
    query = "SELECT surname, street, post_office FROM read_parquet(?) ORDER BY surname"
    with duckdb.connect() as con:
        kept = con.execute(query, [trait]).fetchall()
    assert kept == [("kuusela", "esimerkkikatu|exempelgatan", "vaasa|vasa"), ("salava", None, None)]
    assert home_level(tmp_path, store, "Salava | Helka | 1.1.1970 | Piilokuja 3 | 33100 | Tampere") is None
