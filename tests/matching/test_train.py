"""A model is estimated from a register and a store, without a truth column."""

import json
import random
from pathlib import Path

import pytest

from matching import engine
from matching.__main__ import main
from matching.errors import InputProblems
from matching.evaluate import evaluate
from matching.store.versions import build
from matching.synth.draw import draw_register
from matching.synth.population import synthesise
from matching.train import Pattern, estimated, train
from matching.weighing.comparisons import PERSON
from matching.weighing.model import Model, read_model, write_model
from matching.weighing.scoring import level_names
from tests.matching.conftest import Population
from tests.matching.drawn import TODAY

MARGIN = 0.003  # of precision and of recall: some six rows of 2,000


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 persons: `extract`, `store`, and `register.csv` of 3,000 dirty rows without a code."""
    folder = tmp_path_factory.mktemp("town")
    synthesise(folder / "extract", 20_000, threads=2)
    build(folder / "extract", folder / "store")
    draw_register(folder / "register.csv", folder / "extract", 3000, without_id=1.0)
    return folder


@pytest.fixture(scope="module")
def trained(town: Path) -> Model:
    return train(town / "register.csv", town / "store", on=TODAY, threads=2)


def test_a_trained_model_is_no_worse_than_the_shipped_one_on_other_rows(
    town: Path, trained: Model, tmp_path: Path
) -> None:
    draw_register(tmp_path / "rows.csv", town / "extract", 2000, seed=7, without_id=1.0)
    write_model(trained, tmp_path / "trained.json")
    found = []
    for model in (None, tmp_path / "trained.json"):
        out = tmp_path / "out.csv"
        engine.match(
            tmp_path / "rows.csv", town / "store", out, fields=["person_id"], model=model, on=TODAY, threads=2
        )
        found.append(evaluate(out, "truth"))
    shipped, ours = found
    assert ours["precision"] >= shipped["precision"] - MARGIN
    assert ours["recall"] >= shipped["recall"] - MARGIN


def test_rows_in_another_order_give_the_same_model(town: Path, trained: Model, tmp_path: Path) -> None:
    header, *rows = (town / "register.csv").read_text(encoding="utf-8").splitlines()
    random.Random(1).shuffle(rows)
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    again = train(shuffled, town / "store", on=TODAY, threads=1)
    assert again.as_dict() == trained.as_dict()


def test_the_command_writes_the_same_bytes_twice(town: Path, tmp_path: Path) -> None:
    for name in ("first.json", "second.json"):
        arguments = ["train", str(town / "register.csv"), str(town / "store"), "--on", TODAY.isoformat()]
        assert main([*arguments, "--output", str(tmp_path / name)]) == 0
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()
    assert read_model(tmp_path / "first.json").note.startswith("Trained on")


def test_a_trained_model_has_learned_and_none_of_its_levels_is_impossible(trained: Model) -> None:
    shipped = read_model()
    assert trained.chances["surname"] != shipped.chances["surname"]
    for levels in trained.chances.values():
        assert sum(chance.m for chance in levels.values()) == pytest.approx(1)
        assert all(0 < chance.m < 1 and 0 < chance.u < 1 for chance in levels.values())


def test_comparisons_that_the_register_lacks_keep_their_figures(trained: Model) -> None:
    shipped = read_model()
    assert trained.chances["sex"] == shipped.chances["sex"]
    assert trained.chances["code"] == shipped.chances["code"]


@pytest.mark.parametrize(("pairs", "least", "most"), [(1000, 0.8, 1.0), (10_000_000, 0.0, 0.02)])
def test_random_pairs_without_a_level_tell_of_it_only_where_they_are_many(
    pairs: int, least: float, most: float
) -> None:
    shipped, names = read_model(), level_names("surname")
    nothing = {comparison.name: None for comparison in PERSON}
    strangers = Pattern(nothing | {"surname": names.index("other")}, {}, pairs)
    same = Pattern(nothing | {"surname": names.index("same"), "birth_date": 0}, {}, 10_000)
    model = estimated(shipped, [strangers], {"home_given": [same], "born_surname": []}, 1000, "")
    change = model.chances["surname"]["near"].u / shipped.chances["surname"]["near"].u
    assert least < change <= most


def test_a_near_name_may_say_as_much_as_the_same_one() -> None:
    shipped = read_model()
    names, nothing = level_names("surname"), {comparison.name: None for comparison in PERSON}
    strangers = [
        Pattern(nothing | {"surname": names.index(level)}, {}, pairs)
        for level, pairs in (("same", 2000), ("near", 500), ("other", 1_000_000))
    ]
    people = [
        Pattern(nothing | {"surname": names.index(level), "birth_date": 0, "home": 0}, {}, pairs)
        for level, pairs in (("same", 7000), ("near", 2000), ("other", 1000))
    ]
    model = estimated(shipped, strangers, {"home_given": people, "born_surname": []}, 1000, "")
    assert model.chances["surname"]["near"].m == pytest.approx(0.2, abs=0.01)


def test_rows_with_a_known_code_are_learned_from_where_few_have_none(town: Path, tmp_path: Path) -> None:
    register = tmp_path / "coded.csv"
    draw_register(register, town / "extract", 2000, without_id=0.05)
    model = train(register, town / "store", on=TODAY)
    shipped = read_model()
    assert model.chances["surname"] != shipped.chances["surname"]
    assert model.found == shipped.found


def test_a_small_register_is_no_ground_for_a_model(population: Population, tmp_path: Path) -> None:
    register = tmp_path / "small.csv"
    draw_register(register, population.extract, 400, without_id=1.0)
    with pytest.raises(InputProblems) as refused:
        train(register, population.store, on=TODAY)
    assert [problem.code for problem in refused.value.problems] == ["too_few_to_train"]


def test_the_file_tells_every_level_to_a_reader(trained: Model, tmp_path: Path) -> None:
    write_model(trained, tmp_path / "model.json")
    content = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    assert content["version"] == trained.version
    assert set(content["comparisons"]["surname"]["same"]) == {"m", "u"}
