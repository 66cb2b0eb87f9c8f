"""Rule 19: as many rows out as in, in their order, each with its own identifier and one result."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import engine
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY, read_csv

RESULTS = {
    *(
        "match_id",
        "match_id_changed",
        "conflict",
        "not_found",
        "invalid_id",
        "artificial_id",
        "insufficient_data",
    ),
}

printable = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cs"]), max_size=8
)
dates = st.sampled_from(["1.1.1990", "010190", "31.2.2020", "1990-01-01"])


def codes_of(population: Population) -> list[str]:
    people = duckdb.read_csv(str(population.extract / "person.csv"), all_varchar=True)
    return [hetu for (hetu,) in people.select("hetu").limit(200).fetchall() if hetu]


@pytest.fixture(scope="module")
def known(population: Population) -> list[str]:
    return codes_of(population)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rule_19_rows_in_are_rows_out_in_order(
    population: Population, known: list[str], data: st.DataObject
) -> None:
    code = st.one_of(st.sampled_from(known), printable, st.just(""))
    rows = data.draw(
        st.lists(st.tuples(code, printable, printable, dates, printable), min_size=1, max_size=20)
    )
    with TemporaryDirectory() as folder:
        register = Path(folder) / "r.csv"
        with register.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(["row_id", "hetu", "surname", "given_names", "birth_date", "muu"])
            writer.writerows([index, *row] for index, row in enumerate(rows))
        report = engine.match(
            register, population.store, Path(folder) / "o.csv", fields=["surname"], on=TODAY
        )
        out = read_csv(Path(folder) / "o.csv")
    assert [row["row_id"] for row in out] == [str(index) for index in range(len(rows))]
    assert [row["vtj_row"] for row in out] == [str(index + 1) for index in range(len(rows))]
    assert [row["muu"] for row in out] == [row[4] for row in rows]
    assert {row["vtj_result"] for row in out} <= RESULTS
    assert sum(report["results"].values()) == report["rows"] == len(rows)


def test_rule_19_order_holds_over_many_blocks_and_threads(
    population: Population, known: list[str], tmp_path: Path
) -> None:
    register = tmp_path / "r.csv"
    count = 400_000
    with register.open("w", encoding="utf-8") as file:
        file.write("row_id;hetu\n")
        file.writelines(
            f"{index};{known[index % len(known)] if index % 3 else ''}\n" for index in range(count)
        )
    report = engine.match(
        register, population.store, tmp_path / "o.csv", fields=["person_id", "hetu"], threads=4
    )
    assert report["rows"] == count
    out = duckdb.read_csv(str(tmp_path / "o.csv"), all_varchar=True, parallel=False)
    places = out.select("row_id, vtj_row, row_number() OVER () AS place")
    assert places.filter("row_id::INT <> place - 1 OR vtj_row::INT <> place").fetchall() == []
    assert out.filter("vtj_hetu IS DISTINCT FROM hetu").fetchall() == []


def test_rule_19_one_person_in_many_rows_is_given_in_each(
    population: Population, known: list[str], tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text("hetu;muu\n" + f"{known[0]};x\n" * 5)
    report = engine.match(tmp_path / "r.csv", population.store, tmp_path / "o.csv")
    assert report["results"] == {"match_id": 5}
