"""The decision on a row is explained, comparison by comparison, as data and as a picture."""

import json
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from matching import engine
from matching.__main__ import main
from matching.doubts.explain import Step, explain, explain_row
from matching.doubts.waterfall import waterfall
from matching.errors import InputProblems
from matching.synth.draw import draw_register
from matching.weighing.model import read_model
from matching.weighing.scoring import level_names
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY, draw_store, table, write_table

SVG = "{http://www.w3.org/2000/svg}"
PERSONS = """
person_id | surname | given_names | birth_date | sex
P1        | Virtanen | Matti Juhani | 1980-05-17 | 1
P2        | Virtanen | Maija Helena | 1982-06-18 | 2
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return write_table(
        tmp_path / "register.csv",
        table("surname | given_names | birth_date\nVirtanen | Matti | 17.5.1980\nNiemi | Aino | 1.2.1950"),
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return draw_store(tmp_path, person=PERSONS)


def test_steps_add_up_to_the_weight_of_every_candidate(population: Population, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    draw_register(register, population.extract, 10, without_id=1.0)
    candidates = [
        candidate
        for row in range(1, 9)
        for candidate in explain_row(register, population.store, row, on=TODAY)["candidates"]
    ]
    assert len(candidates) >= 8
    for candidate in candidates:
        assert sum(step["bits"] for step in candidate["steps"]) == pytest.approx(
            candidate["weight"], abs=1e-9
        )


def test_the_decision_is_that_of_the_match(population: Population, tmp_path: Path) -> None:
    register, links = tmp_path / "register.csv", tmp_path / "links.parquet"
    draw_register(register, population.extract, 8, without_id=1.0)
    engine.link(register, population.store, links, on=TODAY)
    query = "SELECT result, rule, weight FROM read_parquet(?) ORDER BY vtj_row"
    for row, (result, rule, weight) in enumerate(duckdb.sql(query, params=[str(links)]).fetchall(), start=1):
        told = explain_row(register, population.store, row, on=TODAY)
        assert (told["result"], told["rule"], told["weight"]) == (result, rule, weight)


def test_each_step_tells_level_chances_and_frequency(register: Path, store: Path) -> None:
    (nearest, *_) = explain_row(register, store, 1, on=TODAY)["candidates"]
    steps = {step["name"]: step for step in nearest["steps"]}
    assert nearest["person_id"] == "P1"
    assert steps["surname"]["level"] == "same"
    assert steps["surname"]["frequency"] == 1.0
    assert steps["birth_date"]["m"] == read_model().chances["birth_date"]["same"].m
    assert steps["home"] == {"name": "home", "bits": 0.0} | dict.fromkeys(("level", "m", "u", "frequency"))


@pytest.mark.parametrize(("given", "bits"), [("other", -14.0), ("same", -8.0), (None, -8.0)])
def test_a_familys_agreement_is_taken_off(given: str | None, bits: float) -> None:
    place = level_names("given_names").index(given) if given else None
    levels = {"surname": 0, "given_names": place, "birth_date": 5, "home": 0}
    model = read_model()
    share = model.chances["surname"]["same"].m / 2**8
    steps = explain(levels, {"surname": share}, model, 1000)
    assert steps[-1] == Step("household", pytest.approx(bits))
    assert explain({**levels, "home": None}, {}, model, 1000)[-1].name != "household"


def test_a_row_that_is_not_there_is_told(register: Path, store: Path) -> None:
    with pytest.raises(InputProblems) as refused:
        explain_row(register, store, 3)
    assert [problem.code for problem in refused.value.problems] == ["no_row"]


def test_the_command_prints_data_and_draws(
    register: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = register.parent / "row.svg"
    arguments = ["explain", str(register), str(store), "--row", "1", "--picture", str(picture)]
    assert main([*arguments, "--on", TODAY.isoformat()]) == 0
    assert json.loads(capsys.readouterr().out)["row"] == 1
    assert ElementTree.parse(picture).getroot().tag == f"{SVG}svg"


def test_a_row_without_a_candidate_cannot_be_drawn(register: Path, store: Path) -> None:
    picture = register.parent / "row.svg"
    assert main(["explain", str(register), str(store), "--row", "2", "--picture", str(picture)]) == 2
    assert not picture.exists()


def test_the_picture_says_everything_in_words_and_needs_no_style() -> None:
    steps = [Step("prior", -11.0), Step("surname", 10.5, "same"), Step("sex", -8.0, "<other>")]
    picture = ElementTree.fromstring(waterfall(steps, "Row 1: ambiguous", 10.0))
    told = picture.findtext(f"{SVG}desc") or ""
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Row 1: ambiguous"
    assert "surname: same +10.5; sex: <other> -8.0; sum -8.5 bits, threshold +10.0" in told
    assert not {"script", "style"} & {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert all("style" not in element.attrib for element in picture.iter())
