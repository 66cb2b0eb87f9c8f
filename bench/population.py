"""Make the population, its store and a clean register, as far as the folder hasn't got them yet."""

from dataclasses import dataclass
from pathlib import Path

from bench.measure import Measured, matching
from matching.store import versions


@dataclass(frozen=True)
class Material:
    extract: Path
    store: Path
    register: Path
    measured: list[Measured]


def make_material(folder: Path, persons: int, rows: int) -> Material:
    """Folder names hold the sizes, so that another size is never taken for this one."""
    extract, store = folder / f"extract-{persons}", folder / f"store-{persons}"
    register = folder / f"register-{persons}-{rows}.csv"
    measured = []
    if not extract.exists():
        measured.append(matching(f"synth, {persons:,} persons", "synth", extract, "--persons", persons))
    if not versions(store):
        measured.append(matching(f"build, {persons:,} persons", "build", extract, store))
    if not register.exists():
        arguments = ("--extract", extract, "--rows", rows, "--clean")
        measured.append(matching(f"register, {rows:,} rows", "register", register, *arguments))
    return Material(extract, store, register, measured)
