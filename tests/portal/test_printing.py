"""The printing of PDF: what typst stops on is made once more with common letters alone."""

from datetime import date
from pathlib import Path

import pytest

from portal import printing


class PanicException(BaseException):
    """As typst's own faults come: no Exception."""


@pytest.mark.parametrize("fault", [printing.typst.TypstError("stopped"), PanicException("stopped")])
def test_a_fault_of_typst_is_met_by_a_second_try_with_common_letters(monkeypatch, fault) -> None:
    tried = []

    def compiled(_template, _name, data, _day) -> bytes:  # type: ignore[no-untyped-def]
        tried.append(data["shown"])
        if len(tried) == 1:
            raise fault
        return b"%PDF"

    monkeypatch.setattr(printing, "compiled", compiled)
    made = printing.printed(Path("a.typ"), "sheet", lambda shown: {"shown": shown}, date(2026, 11, 29))
    assert made == b"%PDF"
    assert tried == [printing.SHOWN, printing.SURELY_SHOWN]


def test_another_fault_is_not_hidden(monkeypatch) -> None:
    def interrupted(*_arguments: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(printing, "compiled", interrupted)
    with pytest.raises(KeyboardInterrupt):
        printing.printed(Path("a.typ"), "sheet", lambda shown: {}, date(2026, 11, 29))
