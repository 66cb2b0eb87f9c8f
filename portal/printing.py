"""Tagged PDF/UA-1 (ISO 14289-1) by typst, from a template and data.

The data go to the template as JSON and are placed there as strings, so that nothing in them is markup. Only
the fonts that come with typst are used, so that a sheet looks the same on every machine.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

FONTS = typst.Fonts(include_system_fonts=False)

# What the fonts of typst 0.15 hold: Latin, Greek, Cyrillic, Hebrew and Arabic letters, punctuation, signs.
# Marks that combine are left out: typst 0.15 stops on some of them where a line breaks.
SHOWN = re.compile(
    "[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff"
    "\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063a\u0640-\u064a\u0660-\u0669"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u203e\u20a0-\u20bf\u2116\u2122\u2190-\u21ff\u2200-\u22ff\u25a0-\u25ff]"
)
SURELY_SHOWN = re.compile("[\u0020-\u007e\u00a0-\u00ac\u00ae-\u00ff–—’”€]")


def printed(template: Path, name: str, data: Callable[[re.Pattern[str]], dict[str, Any]], day: date) -> bytes:
    """The PDF of what `data` makes with the signs that may stand in it; the same data give the same bytes.

    Where typst stops on a sign all the same, it is made once more with common letters alone.
    """
    try:
        return compiled(template, name, data(SHOWN), day)
    except typst.TypstError:
        return compiled(template, name, data(SURELY_SHOWN), day)
    except BaseException as error:
        # typst's own faults come as a class of their own, which is no Exception and cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        return compiled(template, name, data(SURELY_SHOWN), day)


def compiled(template: Path, name: str, data: dict[str, Any], day: date) -> bytes:
    """The PDF of the data, which the template finds under `name`."""
    made = typst.compile(
        template,
        root=template.parent,
        font_paths=FONTS,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={name: json.dumps(data)},
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made
