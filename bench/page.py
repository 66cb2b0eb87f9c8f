"""docs/benchmarks.md: a section for each benchmark, of which the others stay as they were measured."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from bench.measure import Measured
from matching.connect import available_memory

PAGE = Path("docs/benchmarks.md")
HEAD = """# Benchmarks

`make bench` measures the linkage anew, `make bench ARGS="splink --persons 20000 --rows 5000"` one part at
a size of its own, `make bench ARGS=all` the portal's lists too. With `--write` they write this page. How
rows are matched, and what the figures mean: [matching](matching.md).
"""


def measured() -> str:
    """When, and on what machine."""
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    size = f"{os.cpu_count()} cores, {available_memory() / 1e9:.0f} GB of memory"
    return f"Measured on {date.today()}: {size}, {versions}."


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def share(value: float | None) -> str:
    """Five decimals; a dash where there is nothing to share."""
    return "–" if value is None else f"{value:.5f}"


def cost(run: Measured) -> list[str]:
    """Cells: wall and processor time in seconds, the most memory in GB."""
    return [f"{run.wall:.1f}", f"{run.processor:.1f}", f"{run.memory / 1e9:.2f}"]


COST = ("wall s", "processor s", "most memory GB")


def write_section(title: str, text: str) -> None:
    """Put the text under its heading, in the place of what was measured before."""
    page = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True)) | {title: f"\n{text}\n"}
    body = "".join(f"\n## {name}\n{content.rstrip()}\n" for name, content in sections.items())
    PAGE.write_text(HEAD + body, encoding="utf-8")
