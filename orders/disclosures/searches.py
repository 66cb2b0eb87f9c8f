"""What officials do with the disclosure register: ask for a search on a ground, and read its result."""

import csv
import hashlib
import io
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import oversight_states as states
from orders.models import DisclosureSearch, FieldSet, Order
from orders.models.disclosure import OWNERS_NAME
from orders.words import field_labels
from permits.models import Permit, SubjectKind
from portal import outbox
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import Organisation, User
from portal.uploads import encrypted_copy


@dataclass(frozen=True)
class Hit:
    """A row of the register in words: who got which data of the person, when, and under what."""

    at: datetime
    organisation: Organisation | None
    order: Order | None
    permit: Permit | None
    row: int
    fields: str
    delivery: str


@transaction.atomic
def ask(*, by: User, ground: str, reference: str, codes: list[str], token: uuid.UUID) -> DisclosureSearch:
    """Begin a search. The codes go to the worker in a file that the web cannot read. `token`: the form's."""
    if not by.is_official:
        raise Denied(_("Only an official of the registry can do this."))
    search, made = DisclosureSearch.objects.get_or_create(
        pk=token,
        defaults={"asked_by": by, "ground": ground, "reference": reference, "codes": len(codes)},
    )
    if search.asked_by_id != by.pk:
        raise Denied(_("The form was already used. Open it anew."))
    if made:
        stored = encrypted_copy(io.BytesIO(json.dumps(codes).encode()), "codes").keep("searches")
        search.name, search.key_id = stored.name, stored.key_id
        search.save(update_fields=["name", "key_id"])
        # The audit trail takes no free text: the hash of the reference holds it to what was typed.
        known_by = hashlib.sha256(reference.encode()).hexdigest()
        record(
            Event.DISCLOSURE_SEARCHED,
            by=by,
            about=search,
            ground=ground,
            reference=known_by,
            codes=len(codes),
        )
        outbox.queue("orders.find_disclosures", search.pk)
    return search


def get_search_for(user: User, pk: uuid.UUID) -> DisclosureSearch:
    """The search, for the official who made it; 404 for all others."""
    search = DisclosureSearch.objects.filter(pk=pk, asked_by=user).first()
    if search is None or not user.is_official:
        raise Http404
    return search


def expires_at(search: DisclosureSearch) -> datetime | None:
    return search.done_at + timedelta(hours=settings.SEARCH_RESULT_HOURS) if search.done_at else None


def is_readable(search: DisclosureSearch) -> bool:
    """True while the result may be read, whether or not the clock has deleted it by then."""
    end = expires_at(search)
    return search.status == states.FOUND and end is not None and timezone.now() < end


def hits(rows: Iterable[dict[str, Any]]) -> list[Hit]:
    """Rows of a result in words."""
    rows = list(rows)
    organisations = Organisation.objects.in_bulk({row["organisation"] for row in rows})
    orders = Order.objects.in_bulk({row["order"] for row in rows})
    permits = Permit.objects.in_bulk({row["permit"] for row in rows})
    sets = FieldSet.objects.in_bulk({row["field_set"] for row in rows})
    return [
        Hit(
            datetime.fromisoformat(row["at"]),
            organisations.get(uuid.UUID(row["organisation"])),
            orders.get(uuid.UUID(row["order"])),
            permits.get(uuid.UUID(row["permit"])),
            row["row"],
            _fields_in_words(sets.get(row["field_set"]), orders.get(uuid.UUID(row["order"]))),
            row["delivery"],
        )
        for row in rows
    ]


def _fields_in_words(given: FieldSet | None, order: Order | None) -> str:
    """Of an owner under a non-disclosure order the name alone went out, which is no field of its own."""
    if given is None:
        return ""
    subject = order.subject if order else SubjectKind.PERSON
    names = field_labels([name for name in given.fields if name != OWNERS_NAME], subject)
    owner = _("Owner’s name") if OWNERS_NAME in given.fields else ""
    return ", ".join(filter(None, [names, owner]))


COLUMNS = ("at", "organisation", "business_id", "permit", "order", "row", "fields", "delivery")


def as_csv(search: DisclosureSearch) -> str:
    """The whole result as CSV with a header; it names the receivers, never the person."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for hit in hits(search.result):
        organisation, business_id = (
            (hit.organisation.name, hit.organisation.business_id) if hit.organisation else ("", "")
        )
        cells = (
            organisation,
            business_id,
            hit.permit or "",
            hit.order or "",
            hit.row,
            hit.fields,
            hit.delivery,
        )
        writer.writerow([hit.at.isoformat(), *(_no_formula(str(cell)) for cell in cells)])
    return target.getvalue()


def _no_formula(text: str) -> str:
    """A cell that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
