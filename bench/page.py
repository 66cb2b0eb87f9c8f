"""docs/benchmarks.md: a section for each benchmark, of which the others stay as they were measured."""

import os
import platform
import re
from datetime import date
from pathlib import Path

import duckdb

from matching.connect import available_memory

PAGE = Path("docs/benchmarks.md")
HEAD = """# Benchmarks

`make bench` measures anew, and `make bench ARGS=lists` the lists; with `--write` they write this page.
"""


def measured() -> str:
    """When, and on what machine."""
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    size = f"{os.cpu_count()} cores, {available_memory() / 1e9:.0f} GB of memory"
    return f"Measured on {date.today()}: {size}, {versions}."


def write_section(title: str, text: str) -> None:
    """Put the text under its heading, in the place of what was measured before."""
    page = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True)) | {title: f"\n{text}\n"}
    body = "".join(f"\n## {name}\n{content.rstrip()}\n" for name, content in sections.items())
    PAGE.write_text(HEAD + body, encoding="utf-8")
