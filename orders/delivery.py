"""The delivery: files with the permit's fields only, and the disclosure register's rows of what went out."""

import hmac
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
from django.conf import settings
from django.db import connection
from django.utils import timezone

from matching import engine
from matching.errors import InputProblems
from matching.fields import output_fields
from orders import reviewed_links
from orders.models import Delivery, Disclosure, FieldSet, Order, OrderFile
from portal import storage
from portal.audit import record
from portal.events import MACHINE, Event

COPY_ROWS = 50_000
OWNERS, OWNERS_NAME = "owners", "owners.name"


@dataclass(frozen=True)
class Made:
    """A delivery that is made and not yet handed over. `ledger`: Parquet of whose data each row gave."""

    report: Any
    ledger: Path
    files: Mapping[OrderFile.Kind, storage.StoredFile]
    protection_version: str
    protection_on: date
    fields: list[str]


def make(
    order: Order,
    register: Path,
    folder: Path,
    store: Path,
    *,
    protection_version: str,
    protection_on: date,
    limits: dict[str, Any],
) -> Made:
    """Write the delivery's files in `folder` and store them, encrypted for the delivery key."""
    links, ledger = _links(order, folder, limits), folder / "ledger.parquet"
    asked = _asked(order)
    reports, files = {}, {}
    for kind in (OrderFile.Kind.DELIVERY_CSV, OrderFile.Kind.DELIVERY_XLSX):
        output = folder / f"delivery.{kind.value}"
        try:
            reports[kind] = engine.disclose(
                register,
                links,
                store,
                output,
                ledger if kind == OrderFile.Kind.DELIVERY_CSV else None,
                **asked,
                protection_version=protection_version,
                protection_on=protection_on,
                mapping=order.mapping,
                **limits,
            )
        except InputProblems:
            if kind == OrderFile.Kind.DELIVERY_CSV:
                raise
            continue  # more rows or columns than a spreadsheet holds: the CSV file alone is delivered
        files[kind] = _stored(output)
    report = reports[OrderFile.Kind.DELIVERY_CSV]
    return Made(report, ledger, files, protection_version, protection_on, asked["fields"])


def _asked(order: Order) -> dict[str, Any]:
    """What is disclosed: of the order's fields those that its permit covers, as on the day of the match."""
    return {
        "version": order.store_version,
        "fields": [name for name in order.fields if name in order.covered_fields],
        "subject": order.subject,
        "entitled_to_protected": order.permit.entitled_to_protected,
        "on": order.judged_on,
    }


def _stored(output: Path) -> storage.StoredFile:
    """The file kept for the delivery key; its plaintext is gone."""
    with output.open("rb") as source:
        stored = storage.store(source, storage.delivery_key(), folder="deliveries")
    output.unlink()
    return stored


def hand_over(order: Order, made: Made) -> Delivery:
    """Store the delivery and its disclosures in the caller's transaction."""
    now = timezone.now()
    delivery = Delivery.objects.create(
        order=order,
        permit=order.permit,
        fields=made.fields,
        made_at=now,
        protection_version=made.protection_version,
        protection_on=made.protection_on,
        rows=made.report.rows,
        results=order.results,
        changed=made.report.changed,
        report=asdict(made.report),
        expires_on=made.protection_on + timedelta(days=settings.DELIVERY_DAYS),
    )
    for kind, stored in made.files.items():
        delivery.files.add(OrderFile.objects.create(order=order, kind=kind, **vars(stored)))
    disclosed = _write_disclosures(order, delivery, made)
    record(
        Event.DELIVERY_MADE,
        by=MACHINE,
        about=order,
        delivery=delivery.pk,
        rows=made.report.rows,
        persons=disclosed,
    )
    return delivery


def person_key(code: str, person_id: str) -> bytes:
    """The keyed hash under which a person stands in the disclosure register (HMAC-SHA256, 32 bytes).

    Of the identity code; of the store's person id where the person has no code.
    """
    who = f"code:{code}" if code else f"person:{person_id}"
    return hmac.digest(settings.DISCLOSURE_KEY.encode(), who.encode(), "sha256")


def _write_disclosures(order: Order, delivery: Delivery, made: Made) -> int:
    """Append a row for each person given in each row, by COPY; returns how many.

    A row of buildings or real estate gives each of its owners.
    """
    whole = _field_set(made.fields)
    withheld = _field_set(given_when_withheld(made.fields, order.subject))
    tail = f"{delivery.pk}\t{order.pk}\t{order.permit_id}\t{order.organisation_id}\n"
    written = 0
    table = connection.ops.quote_name(Disclosure._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in Disclosure.columns())
    with connection.cursor() as cursor:
        for batch in _ledger(made.ledger):
            lines = io.StringIO()
            for row, person_id, code, is_withheld in batch:
                person = person_key(code or "", person_id or "").hex()
                field_set = withheld if is_withheld else whole
                lines.write(f"{delivery.made_at.isoformat()}\t\\\\x{person}\t{field_set}\t{row}\t{tail}")
            lines.seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)
            written += len(batch)
    return written


def given_when_withheld(fields: list[str], subject: str) -> list[str]:
    """Which of the fields are given of a person whose protected data are withheld.

    Of an owner the name is given all the same, for an owner without an address has one too.
    """
    protected = {field.name for field in output_fields(subject) if field.protected}
    names = [OWNERS_NAME] if OWNERS in fields and subject != "person" else []
    return [name for name in fields if name not in protected] + names


def _ledger(path: Path) -> Iterator[list[tuple[int, str, str, bool]]]:
    file = pyarrow.parquet.ParquetFile(path)
    for batch in file.iter_batches(COPY_ROWS, columns=["vtj_row", "person_id", "hetu", "withheld"]):
        yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _field_set(fields: list[str]) -> int:
    return FieldSet.objects.get_or_create(fields=sorted(fields))[0].pk


def _links(order: Order, folder: Path, limits: dict[str, Any]) -> Path:
    """The links of the match, decrypted into the folder, with what officials decided on doubtful rows."""
    files = order.files.filter(kind=OrderFile.Kind.LINKS, purged_at=None)
    path = folder / "links.parquet"
    with path.open("xb") as target:
        storage.decrypt_to(files.latest("created_at").name, storage.upload_key(), target)
    return reviewed_links.amended(order, path, folder, limits)
