"""A small synthetic population, and its store, for every test of the library."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from matching.store.versions import build
from matching.synth.population import synthesise
from tests.matching.town import found_town


@dataclass(frozen=True)
class Population:
    """An extract of 2,000 persons and a store that was built from it."""

    extract: Path
    store: Path
    version: str


@pytest.fixture(scope="session")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    folder = tmp_path_factory.mktemp("population")
    synthesise(folder / "extract", 2000, threads=2)
    return Population(folder / "extract", folder / "store", build(folder / "extract", folder / "store"))


@pytest.fixture(scope="session")
def town_store(population: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of that population and of the persons drawn in tests.matching.town."""
    return found_town(tmp_path_factory.mktemp("town"), population.extract)
