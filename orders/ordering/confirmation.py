"""The confirmation of an order (tilausvahvistus): made by a worker once it is placed, kept encrypted.

It says what was agreed when the order was placed, under the permit's version of that moment, in the language
of who placed it. It holds nothing of the register.
"""

import io
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import words
from orders.models import Confirmation, Format, Order
from permits import field_texts
from permits.documents import pdf
from permits.documents.document_texts import footer
from permits.documents.pdf import Part, Row, Sheet
from permits.models import Permit
from portal import papers, shelves, storage
from portal.audit import record
from portal.calendar import local_day
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.templatetags.components import day, moment, thousands

FOLDER = "confirmations"
shelves.keep(
    shelves.Shelf(FOLDER, (FOLDER,), Confirmation.objects.all, storage.delivery_key, about="order"),
)


def make(lease: Lease) -> None:
    """Make and keep the confirmation of a placed order; one that is there already stays as it is."""
    order = Order.objects.select_related("organisation", "placed_by", "price_list", "terms").get(pk=lease.key)
    if order.placed_at is None or Confirmation.objects.filter(order=order).exists():
        lease.finish()
        return
    permit = Permit.objects.get(pk=lease.payload["permit"])
    language = papers.language_of(order.placed_by)
    with translation.override(language):
        content = pdf.render(sheet(order, permit, language))
    stored = storage.store(io.BytesIO(content), storage.delivery_key(), folder=FOLDER)
    with transaction.atomic():
        lease.finish()
        made = Confirmation.objects.create(order=order, language=language, **vars(stored))
        record(Event.CONFIRMATION_MADE, by=MACHINE, about=order, document=made.pk, sha256=stored.sha256)


@papers.known
def find(sha256: str) -> papers.Paper | None:
    """The confirmation of this hash."""
    one = Confirmation.objects.select_related("order").filter(sha256=sha256).first()
    return papers.Paper(_("Order confirmation"), one.order.number, one.made_at) if one else None


def sheet(order: Order, permit: Permit, language: str) -> Sheet:
    """What the confirmation says; the caller has set the language."""
    promises = list(order.attestations.all())
    return Sheet(
        kind="order",
        language=language,
        number=order.number,
        title=_("Confirmation of order %(number)s") % {"number": order.number},
        date=local_day(order.placed_at),  # type: ignore[arg-type]
        addressee=order.organisation.address_lines,
        lead="",
        parts=[
            Part(_("Order"), rows=_order(order, permit)),
            Part(_("Data to be delivered"), items=_fields(order)),
            Part(_("Form of the delivery"), items=[str(Format(name).label) for name in order.formats]),
            Part(_("Delivery and price"), rows=_delivery(order)),
            Part(
                _("Terms and assurances"),
                rows=_terms(order),
                items=[str(p.get_statement_display()) for p in promises],
            ),
            Part(_("Further information"), paragraphs=[settings.CONTACT_EMAIL]),
        ],
        signatures=[],
        footer=footer(order.number),
    )


def _order(order: Order, permit: Permit) -> list[Row]:
    organisation = order.organisation
    rows = [
        Row(_("Organisation"), f"{organisation.name}, {organisation.business_id}"),
        Row(_("Permit"), f"{permit}\n{permit.purpose}"),
        Row(_("Register"), "\n\n".join(filter(None, [order.register_name, order.register_description]))),
        Row(_("What the register is about"), str(order.get_subject_display())),
        Row(_("Placed by"), f"{order.placed_by.name}\n{moment(order.placed_at)}"),  # type: ignore[union-attr]
        Row(_("Contact person"), order.contact_name),
    ]
    if order.students:
        rows.insert(4, Row(_("Whose data"), str(order.get_students_display())))
    if order.repeats:
        rows.append(Row(_("Repeats the order"), order.repeats.number))
    return rows


def _fields(order: Order) -> Sequence[str]:
    return [str(label) for label in field_texts.labels(order.fields, order.subject)]


def _delivery(order: Order) -> list[Row]:
    window, rows = order.window, order.rows or _rows_sent(order)
    assert window is not None and order.price_list is not None  # noqa: S101, PT018  (of a placed order)
    count = ngettext("%(rows)s row", "%(rows)s rows", rows) % {"rows": thousands(rows)}
    wanted = _("%(day)s; the delivery window still decides") % {"day": day(order.wanted_on)}
    return [
        Row(_("Size of the register"), count),
        Row(_("Delivery window"), f"{day(window.opens)} – {day(window.closes)}"),
        *([Row(_("Wanted day"), wanted)] if order.wanted_on else []),
        Row(_("Price"), words.price_words(order.organisation, order.price_cents or 0)),
        Row(_("Price list in force from"), day(order.price_list.valid_from)),
    ]


def _rows_sent(order: Order) -> int:
    material = order.material
    return (material.rows if material else None) or 0


def _terms(order: Order) -> list[Row]:
    accepted = _("%(name)s, terms %(version)s") % {
        "name": order.terms_accepted_by,
        "version": order.terms,
    }
    rows = [Row(_("Terms accepted by"), f"{accepted}\n{moment(order.placed_at)}")]
    for promise in order.attestations.all()[:1]:
        rows.append(Row(_("Assurances given by"), f"{promise.name}\n{moment(promise.at)}"))
    return rows
