"""The public register of permits in force: who may use which data for what. It holds no personal data."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import translation

from permits import field_texts
from permits.granting import today
from permits.holding.permit_presentation import holder_of
from permits.models import Permit, PermitQuerySet, SubjectKind, in_language
from permits.serializers import RegisterEntrySerializer

COLUMNS = (
    "number", "organisation", "business_id", "purpose", "subjects", "data_groups", "valid_from", "valid_to",
)  # fmt: skip
STARTS_FORMULA = tuple("=+-@\t\r")
CHUNK = 1000


def in_force(*, organisation: str = "", purpose: str = "") -> PermitQuerySet:
    """The permits in force today, each in its version of the day; found by words of holder and purpose."""
    permits = Permit.objects.in_force(today()).latest_versions(today()).select_related("organisation")
    if organisation:
        found = Q(organisation__name__icontains=organisation) | Q(organisation__business_id=organisation)
        permits = permits.filter(found)
    if purpose:
        languages = ("fi", "sv", "en")
        found = Q()
        for language in languages:
            found |= Q(**{f"purposes__{language}__icontains": purpose})
        permits = permits.filter(found)
    return permits


def entry(permit: Permit) -> dict[str, Any]:
    """A permit as the register shows it, in the reader's language."""
    return {
        "number": permit.number,
        "organisation": holder_of(permit),
        "business_id": permit.organisation.business_id if permit.organisation else "",
        "purpose": in_language(permit.purposes),
        "purposes": permit.purposes,
        "subjects": [str(SubjectKind(one).label) for one in SubjectKind.values if one in permit.scopes],
        "data_groups": data_groups(permit),
        "valid_from": permit.valid_from,
        "valid_to": permit.valid_to,
    }


def data_groups(permit: Permit) -> list[str]:
    """The groups of data that the permit covers, in words, each once."""
    groups = [
        str(group)
        for subject in SubjectKind.values
        for group, _fields in field_texts.grouped(permit.scopes.get(subject, []), subject)
    ]
    return list(dict.fromkeys(groups))


def _entries(language: str) -> Iterator[dict[str, Any]]:
    """All entries, read in pieces; each is put into words in the language that was asked for."""
    for permit in in_force().order_by("number", "version").iterator(chunk_size=CHUNK):
        with translation.override(language):
            yield entry(permit)


def as_csv(language: str) -> Iterator[bytes]:
    """The register as CSV (RFC 4180, UTF-8 with its mark): lists by semicolons, no cell is a formula."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield b"\xef\xbb\xbf"
    for one in _entries(language):
        writer.writerow([_cell(one[name]) for name in COLUMNS])
        if line.tell() > 50_000:
            yield _taken(line)
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


def _cell(value: Any) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "; ".join(value) if isinstance(value, list) else str(value if value is not None else "")
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


def as_json(language: str) -> Iterator[bytes]:
    """The register as one JSON list."""
    before = "["
    for one in _entries(language):
        yield (before + json.dumps(RegisterEntrySerializer(one).data, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"[]" if before == "[" else b"]"
