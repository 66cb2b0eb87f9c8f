"""The translation catalogues, kept without the system's gettext: `python -m portal.translations`.

Without an option: takes the texts from code and templates into locale/*/LC_MESSAGES/django.po and compiles.
`--compile` only compiles, `--check` changes nothing and ends with 1 where something is wrong, and
`--fill FILE.json` merges {"fi": {msgid: text}, "sv": {…}}. A plural's text is a list of two; a msgid with a
context is written `context\\u0004msgid`. Needs no settings and no server.
"""

import argparse
import fcntl
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract as babel_extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fi", "sv")
PYTHON = ("portal/**/*.py", "permits/**/*.py", "orders/**/*.py", "matching/fields.py")
TEMPLATES = ("templates/**/*.html", "templates/**/*.txt", "templates/**/*.svg")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "_input": (2,),  # the labels of matching.fields, which knows no gettext
    "OutputField": (2,),
}
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
CONTEXT_MARK = "\x04"

Key = tuple[str | None, str]


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(root: Path = ROOT) -> dict[Key, polib.POEntry]:
    """Every text to translate, with the files that use it."""
    found: dict[Key, polib.POEntry] = {}
    for pattern in (*PYTHON, *TEMPLATES):
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            for context, messages in _texts_of(path):
                entry = found.setdefault((context, messages[0]), _entry(context, messages[0]))
                if len(messages) > 1:
                    entry.msgid_plural, entry.msgstr_plural = messages[1], {0: "", 1: ""}
                if (name, "") not in entry.occurrences:
                    entry.occurrences.append((name, ""))
    return found


def _entry(context: str | None, msgid: str) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgctxt=context)


def _texts_of(path: Path) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """(context, (msgid,) or (msgid, plural)) of each text in a file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # what a template turns into is no sound Python: its indentation means nothing
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    stream = io.BytesIO(source.encode())
    for _line, messages, _comments, context in babel_extract(
        "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        texts = messages if isinstance(messages, tuple) else (messages,)
        if texts[0]:
            yield context, tuple(text for text in texts if text)


def updated(language: str, found: dict[Key, polib.POEntry], root: Path = ROOT) -> polib.POFile:
    """The language's catalogue with exactly the texts found, sorted, its translations kept."""
    path = catalogue_path(language, root)
    old = {(entry.msgctxt, entry.msgid): entry for entry in _read(path)}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {"Language": language, **HEADER}
    for key in sorted(found, key=lambda key: (key[1], key[0] or "")):
        entry = polib.POEntry(**_fields(found[key]))
        kept = old.get(key)
        if kept and bool(kept.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural, entry.flags = kept.msgstr, kept.msgstr_plural, kept.flags
        catalogue.append(entry)
    return catalogue


def _fields(entry: polib.POEntry) -> dict[str, Any]:
    return {
        "msgid": entry.msgid,
        "msgctxt": entry.msgctxt,
        "msgid_plural": entry.msgid_plural,
        "msgstr_plural": dict(entry.msgstr_plural),
        "occurrences": sorted(entry.occurrences),
    }


def _read(path: Path) -> list[polib.POEntry]:
    return list(polib.pofile(str(path))) if path.exists() else []


def fill(catalogue: polib.POFile, texts: dict[str, Any]) -> list[str]:
    """Put the texts into the catalogue; gives back the msgids that it does not have."""
    entries = {_name(entry): entry for entry in catalogue}
    for name in texts.keys() & entries.keys():
        entry, text = entries[name], texts[name]
        if entry.msgid_plural:
            entry.msgstr_plural = dict(enumerate(text))
        else:
            entry.msgstr = text
    return sorted(texts.keys() - entries.keys())


def _name(entry: polib.POEntry) -> str:
    return f"{entry.msgctxt}{CONTEXT_MARK}{entry.msgid}" if entry.msgctxt else str(entry.msgid)


def problems(catalogue: polib.POFile) -> list[str]:
    """What is untranslated, fuzzy, or has other placeholders than its msgid."""
    found = []
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            found.append(f"fuzzy: {entry.msgid!r}")
        elif not all(texts):
            found.append(f"untranslated: {entry.msgid!r}")
        elif not all(_same_placeholders(entry, text) for text in texts):
            found.append(f"other placeholders: {entry.msgid!r}")
    return found


def _same_placeholders(entry: polib.POEntry, text: str) -> bool:
    wanted = [sorted(PLACEHOLDER.findall(msgid)) for msgid in (entry.msgid, entry.msgid_plural) if msgid]
    return sorted(PLACEHOLDER.findall(text)) in wanted


def check(root: Path = ROOT) -> list[str]:
    """Every problem of every language; a catalogue that an update would change is one."""
    found = extract(root)
    result = []
    for language in LANGUAGES:
        catalogue, path = updated(language, found, root), catalogue_path(language, root)
        result += [f"{language}: {problem}" for problem in problems(catalogue)]
        if not path.exists() or path.read_text(encoding="utf-8") != str(catalogue) + "\n":
            result.append(f"{language}: the catalogue is not up to date; run `make messages`")
    return result


def update(root: Path = ROOT, texts: dict[str, dict[str, Any]] | None = None) -> list[str]:
    """Bring the catalogues up to date, fill in `texts`, compile; gives back msgids that nothing uses."""
    found, unknown = extract(root), []
    for language in LANGUAGES:
        catalogue = updated(language, found, root)
        unknown += [f"{language}: {msgid!r}" for msgid in fill(catalogue, (texts or {}).get(language, {}))]
        _write(catalogue_path(language, root), f"{catalogue}\n".encode())
    compile_all(root)
    return unknown


def compile_all(root: Path = ROOT) -> None:
    for language in LANGUAGES:
        path = catalogue_path(language, root)
        _write(path.with_suffix(".mo"), polib.pofile(str(path)).to_binary())


def _write(path: Path, content: bytes) -> None:
    """Replace the file in one step, so that a server that starts now reads the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_bytes(content)
    scratch.replace(path)


@contextmanager
def locked(root: Path = ROOT) -> Iterator[None]:
    """One update at a time."""
    folder = os.open(root / "locale", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.translations", description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--fill", type=Path)
    options = parser.parse_args(arguments)
    with locked(root):
        if options.compile:
            compile_all(root)
            return 0
        if options.check:
            found = check(root)
        else:
            texts = json.loads(options.fill.read_text(encoding="utf-8")) if options.fill else None
            found = [f"used nowhere, left out: {name}" for name in update(root, texts)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
