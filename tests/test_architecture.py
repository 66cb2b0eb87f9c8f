"""The rules of docs/architecture.md, held against the source: imports, writers of a status, sizes."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("portal", "permits", "orders", "matching")
WITH_ROOMS = ("permits", "orders", "matching")
MATCHING_MAY_USE = {
    "charset_normalizer",
    "duckdb",
    "fastexcel",
    "numpy",
    "openpyxl",
    "pyarrow",
    "sqlglot",
    "stdnum",
    "xlsxwriter",
}
SPARK = {"pyspark"}  # only where the engine is Spark
CATALOGUE = {"matching.fields", "matching.errors", "matching.register.cells"}
MACHINE = {
    "orders.check.reading",
    "orders.delivery.files",
    "orders.delivery.making",
    "orders.disclosures.search",
    "orders.links.completions",
    "orders.links.doubt_reading",
    "orders.links.reviewed",
    "orders.material.order_form_read",
    "orders.ordering.confirmation",
    "orders.pipeline",
    "orders.steps.clearing",
    "orders.steps.completing",
    "orders.steps.doubts",
    "orders.steps.matches",
    "orders.third_parties.decision",
}
STARTS_THE_MACHINE = {"orders.apps", "orders.tasks", "orders.steps.reissuing"}  # jobs, no pages


@cache
def sources(*folders: str) -> list[Path]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in paths if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports anywhere in it; `from a import b` is `a.b` where that is one."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                inner = ROOT.joinpath(*node.module.split("."), alias.name)
                is_module = inner.with_suffix(".py").exists() or inner.is_dir()
                found.add(f"{node.module}.{alias.name}" if is_module else node.module)
    return frozenset(found)


def ours(names: frozenset[str], *packages: str) -> set[str]:
    return {name for name in names if name.split(".")[0] in packages}


@pytest.mark.parametrize("path", sources("matching"), ids=module)
def test_matching_is_a_plain_library(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names)
    assert tops <= MATCHING_MAY_USE | {"matching"} | (SPARK if "spark" in module(path) else set())


@pytest.mark.parametrize("path", sources("portal"), ids=module)
def test_the_portal_layer_knows_no_app(path: Path) -> None:
    found = ours(imports(path), "permits", "orders", "matching")
    if module(path) in {"portal.urls", "portal.views"}:
        assert not [name for name in found if name.endswith((".workflow", ".pipeline"))]
    else:
        assert not found


@pytest.mark.parametrize("path", sources("permits"), ids=module)
def test_permits_know_no_orders_and_of_matching_the_catalogue_only(path: Path) -> None:
    assert ours(imports(path), "orders", "matching") <= {"matching.fields"}


@pytest.mark.parametrize("path", sources("orders"), ids=module)
def test_orders_know_of_permits_the_models_the_access_the_words_and_the_printing(path: Path) -> None:
    assert ours(imports(path), "permits") <= {
        "permits.models",
        "permits.access",
        "permits.field_texts",
        "permits.documents",
        "permits.documents.document_texts",
        "permits.documents.pdf",
    }


@pytest.mark.parametrize("path", sources("orders"), ids=module)
def test_only_the_machine_calls_the_matching_library(path: Path) -> None:
    if module(path) not in MACHINE:
        assert ours(imports(path), "matching") <= CATALOGUE


@pytest.mark.parametrize("path", sources("orders"), ids=module)
def test_nothing_that_serves_people_reaches_the_machine(path: Path) -> None:
    """Not through other modules either: what serves people queues jobs, and the worker does them."""
    if module(path) in MACHINE | STARTS_THE_MACHINE:
        return
    seen, ahead = set(), {module(path)}
    while ahead:
        current = ahead.pop()
        seen.add(current)
        place = ROOT.joinpath(*current.split("."))
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            ahead |= ours(imports(file), "orders") - seen if file.exists() else set()
    assert not seen & MACHINE


@pytest.mark.parametrize("package", WITH_ROOMS)
def test_rooms_need_each_other_in_one_direction_only(package: str) -> None:
    """A folder of the package counts as one, and so does each file beside the folders."""
    needs: dict[str, set[str]] = {}
    for path in sources(package):
        rooms = {name.split(".")[1] for name in ours(imports(path), package) if "." in name}
        own = path.relative_to(ROOT / package).with_suffix("").parts[0]
        needs.setdefault(own, set()).update(rooms - {own})
    TopologicalSorter(needs).prepare()  # raises where they go round


def rooms() -> list[Path]:
    found = [path for package in WITH_ROOMS for path in sorted((ROOT / package).glob("*/__init__.py"))]
    return [path for path in found if path.parent.name not in {"management", "migrations", "templatetags"}]


@pytest.mark.parametrize("path", rooms(), ids=module)
def test_each_room_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", sorted((ROOT / "matching").glob("*/__init__.py")), ids=module)
def test_to_enter_a_room_of_matching_loads_nothing(path: Path) -> None:
    """A command loads what it needs alone: its start counts. The readers alone are entered by their door."""
    assert len(tree(path).body) == 1 or path.parent.name == "readers"


def status_writes(path: Path) -> Iterator[int]:
    """The lines that give some object's `status` a value."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
                yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {keyword.arg for keyword in node.keywords}
            tells_only = ast.unparse(node.func.value) == "PermitEvent.objects"  # history: changes no object
            if node.func.attr in {"update", "create", "get_or_create"} and "status" in names:
                yield from () if tells_only else (node.lineno,)


@pytest.mark.parametrize("path", sources("portal", "permits", "orders"), ids=module)
def test_nothing_but_move_writes_a_status(path: Path) -> None:
    assert list(status_writes(path)) == [] or module(path) == "portal.states"


def test_what_moves_one_or_many_is_found_by_the_rule_that_forbids_others() -> None:
    found = list(status_writes(ROOT / "portal" / "states.py"))
    assert len(found) == 3  # move; move_all: in store and in memory


@pytest.mark.parametrize("path", sources(*OURS, "tests", "deploy", "bench"), ids=module)
def test_files_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    limit = 30 if module(path).startswith("tests") else 40
    functions = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    too_long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= limit]
    assert too_long == []


GROUPS = ("bench", "spark")  # what one make target alone needs


def declared() -> dict[str, list[str]]:
    """The names of the dependencies in production (`base`), in development and in each group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = {"base": project["project"]["dependencies"], **project["dependency-groups"]}
    return {name: [normal(re.split(r"[\[<>=~! ]", text)[0]) for text in each] for name, each in lists.items()}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name: str) -> dict[str, str]:
    """The entries of a requirements file by name, each with its hashes."""
    text = (ROOT / "requirements" / name).read_text()
    entries = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)
    return {normal(re.split(r"[\[= ]", entry)[0]): entry for entry in entries if "==" in entry}


def test_each_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    lines = [line for line in text.splitlines() if re.match(r'\s+"[\w-]+(\[[\w,-]+\])?[<>=]', line)]
    assert len(lines) == sum(map(len, declared().values()))
    assert [line for line in lines if not re.search(r"# \w", line)] == []


def test_every_dependency_is_pinned_with_hashes() -> None:
    names = declared()
    assert set(names) == {"base", "dev", *GROUPS}
    assert set(names["base"]) <= pinned("dev.txt").keys()
    for name, wanted in names.items():
        name = f"{name}.txt"
        assert set(wanted) <= pinned(name).keys()
        assert [key for key, entry in pinned(name).items() if "--hash=sha256:" not in entry] == []


def test_production_gets_no_servers_and_tools_of_development() -> None:
    dev = set(declared()["dev"])
    assert dev & pinned("base.txt").keys() <= {"pyyaml"}  # the API's schema is written with it


@pytest.mark.parametrize("name", ["base", *GROUPS])
def test_what_is_installed_together_has_the_same_versions(name: str) -> None:
    def versions(name: str) -> dict[str, str]:
        return {key: entry.split()[0] for key, entry in pinned(name).items()}

    some, dev = versions(f"{name}.txt"), versions("dev.txt")
    assert {key: some[key] for key in some.keys() & dev.keys() if dev[key] != some[key]} == {}


def test_the_requirements_name_no_index() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text()
        assert "index" not in re.sub(r"^[a-z0-9-]+==.*$", "", path.read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("entry", [".venv/", "*.mo", "/staticfiles/", "/deploy/secrets/"])
def test_what_is_made_here_stays_out_of_the_repository(entry: str) -> None:
    assert entry in (ROOT / ".gitignore").read_text().splitlines()


ONLY_IN_DEVELOPMENT = {"portal.embedded", "portal.translations"}


def test_what_runs_in_production_imports_only_what_production_installs() -> None:
    """The embedded servers, the upkeep of translations and the Spark engine alone use more."""
    provided = packages_distributions()
    base = pinned("base.txt").keys()
    for path in sources(*OURS):
        tops = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - set(OURS)
        if module(path).startswith("matching.spark"):
            tops -= SPARK
        if module(path) not in ONLY_IN_DEVELOPMENT:
            missing = {top for top in tops if not {normal(name) for name in provided[top]} & base}
            assert missing == set(), path
