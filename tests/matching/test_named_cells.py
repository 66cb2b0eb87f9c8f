"""A form's cells are read by their names, apart from what holds the keys."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from matching.readers import named_cells
from matching.readers.named_cells import Cell, NamedCells, read_named_cells


def form(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Order"
    for cell, value in {"B1": "mark", "B2": " Aino ", "B3": date(2026, 5, 1), "B4": "=1+1", "B5": 7}.items():
        book.active[cell] = value
    book.create_sheet("Register").append([" Code ", None, "Name"])
    places = {"form": "Order!$B$1", "name": "Order!$B$2", "day": "Order!$B$3", "sum": "Order!$B$4"}
    places |= {"count": "Order!$B$5", "empty": "Order!$B$6", "register": "Register!$A$1"}
    for name, place in places.items():
        book.defined_names.add(DefinedName(f"pp_{name}", attr_text=place))
    book.save(path)
    return path


def test_cells_are_found_by_their_names(tmp_path: Path) -> None:
    found = read_named_cells(form(tmp_path / "form.xlsx"), "pp_", "form", "register")
    cells = {
        "form": Cell("Order!B1", "mark"),
        "name": Cell("Order!B2", "Aino"),
        "day": Cell("Order!B3", date(2026, 5, 1)),
        "sum": Cell("Order!B4", "=1+1", True),
        "count": Cell("Order!B5", 7),
        "empty": Cell("Order!B6"),
    }
    assert found == NamedCells(cells, "Register", {"Code": ("A", 1), "Name": ("C", 1)})


def test_a_workbook_without_the_names_is_no_form(tmp_path: Path) -> None:
    assert read_named_cells(form(tmp_path / "form.xlsx"), "pp_", "form", "nothing") is None


def test_the_process_that_reads_a_form_holds_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLOAD_IDENTITIES", "a secret")
    spy = tmp_path / "spy"
    spy.write_text('#!/bin/sh\nprintf \'{"cells": {}, "sheet": "%s", "headers": {}}\' "$UPLOAD_IDENTITIES"\n')
    spy.chmod(0o700)
    monkeypatch.setattr(named_cells.sys, "executable", str(spy))
    found = read_named_cells(tmp_path / "any.xlsx", "pp_", "form", "register")
    assert found == NamedCells({}, "", {})


def test_the_process_that_reads_a_form_has_bounded_memory(tmp_path: Path) -> None:
    small = (
        "from matching.readers import named_cells as n; n.MAX_MEMORY = 40 << 20; raise SystemExit(n.main{})"
    )
    program = small.format((str(form(tmp_path / "form.xlsx")), "pp_", "form", "register"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode not in {0, named_cells.DAMAGED}
