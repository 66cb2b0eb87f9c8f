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
from matching.engine import DisclosureReport
from matching.fields import output_fields
from orders.delivery import files as delivery_files
from orders.delivery import kinds, own_keys, report_pdf
from orders.links import completions, match_model
from orders.links import reviewed as reviewed_links
from orders.models import Delivery, Disclosure, FieldSet, Order, OrderFile, OrganisationKey
from orders.models.disclosure import OWNERS_NAME
from portal import outbox, storage
from portal.audit import record
from portal.events import MACHINE, Event

COPY_ROWS = 50_000
OWNERS = "owners"


@dataclass(frozen=True)
class Made:
    """A delivery that is made and not yet handed over: its row is not stored, its files are.

    `ledger`: Parquet of whose data each row gave. `own_key`: the customer's, for which the files are.
    `decided`: the links with what officials decided and customers completed, where they differ from those of
    the match; `completed`: what each completed row's data gave; `dropped`: rows whose decision was of other
    candidates.
    """

    delivery: Delivery
    report: DisclosureReport
    ledger: Path
    files: Mapping[OrderFile.Kind, storage.StoredFile]
    own_key: OrganisationKey | None
    decided: storage.StoredFile | None
    completed: Mapping[int, str]
    dropped: list[int]

    @property
    def fields(self) -> list[str]:
        return self.delivery.fields


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
    """Write the delivery's files in `folder` and store them, each form from one and the same reading."""
    of_match, ledger = _links(order, folder), folder / "ledger.parquet"
    amended = reviewed_links.amended(order, of_match, folder, store, limits)
    asked = _asked(order)
    planned = delivery_files.plan(order, folder)
    own_key = own_keys.in_use(order.organisation)
    report = engine.disclose(
        register,
        amended.links,
        store,
        planned.path(planned.first),
        ledger,
        further=planned.further,
        changes=planned.changes,
        completed_rows=amended.completed_rows,
        protection_version=protection_version,
        protection_on=protection_on,
        mapping=order.mapping,
        model=match_model.written(order, folder),
        **asked,
        **limits,
    )
    refused = delivery_files.refused(planned, report.refused)
    delivery = _row(order, report, asked["fields"], protection_version, protection_on, refused)
    files = delivery_files.keep(planned, own_key)
    files[OrderFile.Kind.RESULT_REPORT] = _keep_report(delivery)
    decided = None
    if amended.links != of_match:
        decided = storage.store_path(amended.links, storage.upload_key(), folder="links")
    return Made(delivery, report, ledger, files, own_key, decided, amended.results, amended.dropped)


def _asked(order: Order) -> dict[str, Any]:
    """What is disclosed: of the order's fields those that its permit covers, as on the day of the match."""
    return {
        "version": order.store_version,
        "fields": [name for name in order.fields if name in order.covered_fields],
        "subject": order.subject,
        "entitled_to_protected": order.permit.entitled_to_protected,
        "on": order.judged_on,
    }


def _row(
    order: Order,
    report: DisclosureReport,
    fields: list[str],
    protection_version: str,
    protection_on: date,
    refused: dict[str, str],
) -> Delivery:
    """The delivery's row, not stored yet."""
    return Delivery(
        order=order,
        permit=order.permit,
        number=order.deliveries.count() + 1,
        fields=fields,
        protection_version=protection_version,
        protection_on=protection_on,
        rows=report.rows,
        results=report.results,
        changed=report.changed,
        report=asdict(report),
        protected_rows=report.protected_given,
        refused=refused,
        expires_on=protection_on + timedelta(days=settings.DELIVERY_DAYS),
    )


def _keep_report(delivery: Delivery) -> storage.StoredFile:
    """The result report as PDF. It holds counts alone, so that it is for the portal's key in any case."""
    placed_by = delivery.order.placed_by
    content = report_pdf.render(delivery, placed_by.language if placed_by else settings.LANGUAGE_CODE)
    return storage.store(io.BytesIO(content), storage.delivery_key(), folder="deliveries")


def hand_over(order: Order, made: Made) -> Delivery:
    """Store the delivery and its disclosures in the caller's transaction.

    Raises Later where the customer has meanwhile changed the key for which the files are made.
    """
    if own_keys.in_use(order.organisation) != made.own_key:
        raise outbox.Later
    delivery = made.delivery
    delivery.made_at = timezone.now()
    delivery.save(force_insert=True)
    order.results = delivery.results
    order.save(update_fields=["results"])
    for kind, stored in made.files.items():
        own_key = made.own_key if kind in kinds.DATA else None
        file = OrderFile.objects.create(order=order, kind=kind, own_key=own_key, **vars(stored))
        delivery.files.add(file)
    if made.decided:
        reviewed_links.replace(order, made.decided)
    completions.keep_results(order, made.completed)
    disclosed = _write_disclosures(order, delivery, made)
    record(
        Event.DELIVERY_MADE,
        by=MACHINE,
        about=order,
        delivery=delivery.pk,
        number=delivery.number,
        rows=made.report.rows,
        persons=disclosed,
        decisions_dropped=made.dropped,
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


def _links(order: Order, folder: Path) -> Path:
    """The links of the match, decrypted into the folder."""
    files = order.files.filter(kind=OrderFile.Kind.LINKS, purged_at=None)
    path = folder / "links.parquet"
    with path.open("xb") as target:
        storage.decrypt_to(files.latest("created_at").name, storage.upload_key(), target)
    return path
