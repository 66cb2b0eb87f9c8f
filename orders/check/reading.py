"""How a worker reads a material: by whose mapping, what it finds, and what its customer is shown of it.

With `pipeline`, which calls it, the place that has registers read. The sample and the findings are encrypted
for the delivery key: the web shows them to the customer, and no worker can read them back.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from matching.errors import InputProblems, Problem
from matching.register.loading import check
from matching.register.preview import Preview, preview
from orders import retention
from orders.check import mappings
from orders.models import Material, OrderFile, SavedMapping
from orders.workflow import purge_files
from portal import storage
from portal.audit import record
from portal.events import MACHINE, Event
from portal.models import User

Origin = Material.Origin
MISFITS = {"no_known_column", "duplicate_header", "reserved_header", "line_too_short", "wrong_encoding"}


@dataclass(frozen=True)
class Choice:
    """A mapping, and where it comes from: a customer's own is `by` somebody."""

    mapping: dict[str, Any]
    origin: str
    by: User | None = None
    saved: SavedMapping | None = None


@dataclass
class Read:
    """What was read, by which mapping: a report, or why there is none. Files are stored, not yet named."""

    choice: Choice
    report: dict[str, Any] = field(default_factory=dict)
    refused: InputProblems | None = None
    shape: str = ""
    sample: storage.StoredFile | None = None
    findings: storage.StoredFile | None = None


def read(material: Material, register: Path, folder: Path, limits: dict[str, Any]) -> Read:
    """Check the register by its customer's mapping, else by one that fits, else as it is detected."""
    done = Read(Choice({}, Origin.DETECTED))
    for choice in _choices(material, register, folder):
        done = _read(material, register, folder, choice, limits)
        if done.refused is None or not choice.mapping or not _misfits(done.refused):
            break
    if not material.is_form:
        _show(done, register, folder)
    return done


def _choices(material: Material, register: Path, folder: Path) -> Iterator[Choice]:
    if material.origin == Origin.CUSTOMER:
        yield Choice(material.mapping, Origin.CUSTOMER, by=material.mapped_by)
        return
    if not material.is_form:
        yield from _remembered(material, register, folder)
    yield Choice({}, Origin.DETECTED)


def _remembered(material: Material, register: Path, folder: Path) -> Iterator[Choice]:
    """The mapping that was given for this order's file before, of the order that is repeated, or saved."""
    order = material.order
    before = order.materials.exclude(pk=material.pk).order_by("-received_at").first()
    own = before if before and before.origin == Origin.CUSTOMER else None
    kept = SavedMapping.objects.filter(organisation=order.organisation_id)
    earlier = order.repeats
    shapes = _shapes(register, folder) if own or kept.exists() else []
    if own and own.shape in shapes:
        yield Choice(own.mapping, Origin.CUSTOMER, by=own.mapped_by)
    elif earlier is not None and earlier.mapping:
        yield Choice(earlier.mapping, Origin.REPEATED)
    elif saved := _newest(kept, shapes):
        yield Choice(saved.mapping, Origin.SAVED, saved=saved)


def _newest(kept: QuerySet[SavedMapping], shapes: Sequence[str]) -> SavedMapping | None:
    """The newest for a file of such a shape; the file's own headers come before other signs."""
    found = (kept.filter(shape=shape).order_by("-saved_at").first() for shape in shapes)
    return next((one for one in found if one is not None), None)


def _shapes(register: Path, folder: Path) -> list[str]:
    try:
        return preview(register, temp=folder).shapes
    except InputProblems:
        return []


def _misfits(refused: InputProblems) -> bool:
    """Whether the mapping is of another file; what is wrong with the rows is so by any mapping."""
    return any(one.code.startswith("mapping_") or one.code in MISFITS for one in refused.problems)


def _read(material: Material, register: Path, folder: Path, choice: Choice, limits: dict[str, Any]) -> Read:
    out = folder / "findings.csv"
    out.unlink(missing_ok=True)
    subject = material.order.subject
    try:
        found = check(register, subject=subject, mapping=choice.mapping, findings_out=out, **limits)
    except InputProblems as refused:
        return Read(choice, refused=refused)
    except UnicodeError:  # a file that is told to be UTF-16, and does not begin as one
        return Read(choice, refused=_other_encoding())
    findings = _stored(out) if found.findings else None
    return Read(choice, found.as_dict() | {"subject": subject}, findings=findings)


def _other_encoding() -> InputProblems:
    text = "the file is not in the encoding that the mapping names"
    return InputProblems([Problem("wrong_encoding", text)])


def _show(done: Read, register: Path, folder: Path) -> None:
    """Keep the first rows as they were read; a file that can't be shown at all is not."""
    encoding = "" if done.refused else done.report["encoding"]
    try:
        shown = preview(register, mapping=done.choice.mapping, encoding=encoding, temp=folder)
    except (InputProblems, UnicodeError):  # the second as in `_read`
        return
    if not mappings.holds_a_code(shown.names):  # else a person's row stands where headers should
        done.shape = shown.shape
    done.sample = _kept(shown, folder)


def _kept(shown: Preview, folder: Path) -> storage.StoredFile:
    path = folder / "sample.json"
    path.write_text(json.dumps(shown.as_dict()), encoding="utf-8")
    return _stored(path)


def _stored(path: Path) -> storage.StoredFile:
    return storage.store_path(path, storage.delivery_key(), folder="checks")


def keep(material: Material, done: Read) -> None:
    """Name the files in the caller's transaction; the mapping is saved where that was asked for."""
    order = material.order
    kinds = {"sample": OrderFile.Kind.SAMPLE, "findings": OrderFile.Kind.CHECK_REPORT}
    purge_files(order.files.filter(kind__in=kinds.values(), purged_at=None), retention.REPLACED)
    files = {
        name: OrderFile.objects.create(order=order, kind=kind, **vars(stored)) if stored else None
        for name, kind in kinds.items()
        for stored in [getattr(done, name)]
    }
    Material.objects.filter(pk=material.pk).update(
        mapping=done.choice.mapping,
        origin=done.choice.origin,
        mapped_by=done.choice.by,
        saved_mapping=done.choice.saved,
        shape=done.shape,
        **files,
    )
    if material.save_as and material.mapped_by and done.refused is None and done.shape:
        _save(material, material.mapped_by, done)


def _save(material: Material, by: User, done: Read) -> None:
    saved, _made = SavedMapping.objects.update_or_create(
        organisation=material.order.organisation,
        name=material.save_as,
        defaults={
            "shape": done.shape,
            "mapping": done.choice.mapping,
            "saved_at": timezone.now(),
            "saved_by": by,
        },
    )
    record(Event.MAPPING_SAVED, by=MACHINE, about=material.order, mapping=saved.pk)
