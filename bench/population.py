"""Make populations, their stores and registers, as far as the folder hasn't got them yet."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Measured, matching
from bench.options import Options
from matching.store.prepare import PREPARATION
from matching.store.versions import versions


@dataclass(frozen=True)
class Population:
    """What it took is empty where all was there already."""

    extract: Path
    store: Path
    persons: int
    options: Options
    took: list[Measured]

    def register(self, rows: int, *more: object, seed: int | None = None) -> Path:
        """A register drawn with `seed`; `more` are options of the command `register`."""
        seed = seed or self.options.seed
        kind = "".join(str(each).replace("--", "-") for each in more)
        path = self.options.folder / f"register-{self.persons}-{rows}-{seed}{kind}.csv"
        if not path.exists():
            draw = ("--extract", self.extract, "--rows", rows, "--seed", seed, *more)
            self.took.append(matching(f"register, {rows:,} rows", "register", path, *draw))
        return path


def population(options: Options, persons: int | None = None) -> Population:
    """Names hold the size and the seed, so that another population is never taken for this one."""
    persons = persons or options.persons
    options.folder.mkdir(parents=True, exist_ok=True)
    name = f"{persons}-{options.seed}"
    extract, store = options.folder / f"extract-{name}", options.folder / f"store-{name}"
    took = []
    if not extract.exists():
        making = ("synth", extract, "--persons", persons, "--seed", options.seed)
        took.append(matching(f"synth, {persons:,} persons", *making))
    if not _prepared(store):
        took.append(matching(f"build, {persons:,} persons", "build", extract, store))
    return Population(extract, store, persons, options, took)


def _prepared(store: Path) -> bool:
    """Whether the newest version was prepared by the code as it is now."""
    for snapshot in versions(store):
        manifest = json.loads((snapshot.path / "manifest.json").read_text(encoding="utf-8"))
        return bool(manifest["preparation"] == PREPARATION)
    return False
