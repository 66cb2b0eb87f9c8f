"""The decision on a permission for a third party (päätös edelleen luovuttamisesta) as a document.

A worker makes it once the matter is decided, in the language of who asked: with conditions or reasons, and
instructions for appeal (act 434/2003, 43–47 §). It holds nothing of the delivery.
"""

import io

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from orders import oversight_states as states
from orders.models import ThirdPartyDecision, ThirdPartyPermission
from permits import field_texts
from permits.documents import pdf
from permits.documents.document_texts import appeal_instructions, footer, kind, labels, law_references
from permits.documents.pdf import Part, Row, Sheet
from portal import papers, shelves, storage
from portal.audit import record
from portal.calendar import local_day
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.templatetags.components import day

FOLDER = "third_party_decisions"
shelves.keep(
    shelves.Shelf(FOLDER, (FOLDER,), ThirdPartyDecision.objects.all, storage.delivery_key, about="permission")
)


def make(lease: Lease) -> None:
    """Make and keep the decision; one that is there already stays as it is."""
    found = ThirdPartyPermission.objects.select_related("order__organisation", "asked_by", "decided_by")
    permission = found.get(pk=lease.key)
    if permission.decided_at is None or ThirdPartyDecision.objects.filter(permission=permission).exists():
        lease.finish()
        return
    language = papers.language_of(permission.asked_by)
    with translation.override(language):
        content = pdf.render(sheet(permission, language))
    stored = storage.store(io.BytesIO(content), storage.delivery_key(), folder=FOLDER)
    with transaction.atomic():
        lease.finish()
        made = ThirdPartyDecision.objects.create(permission=permission, language=language, **vars(stored))
        record(
            Event.THIRD_PARTY_DECISION_MADE,
            by=MACHINE,
            about=permission,
            order=permission.order_id,
            document=made.pk,
            sha256=stored.sha256,
        )


@papers.known
def find(sha256: str) -> papers.Paper | None:
    """The decision of this hash, and how the permission stands."""
    one = ThirdPartyDecision.objects.select_related("permission__order").filter(sha256=sha256).first()
    if one is None:
        return None
    permission = one.permission
    standing = _("State of the permission today: %(status)s.") % {"status": permission.get_status_display()}
    return papers.Paper(kind("third_party"), permission.number, one.made_at, standing)


def sheet(permission: ThirdPartyPermission, language: str) -> Sheet:
    """What the decision says; the caller has set the language."""
    text, decided_by = labels(), permission.decided_by
    assert decided_by is not None  # noqa: S101  (of what is decided)
    parts = [
        Part(text["matter"], rows=_matter(permission)),
        Part(_("What was asked for"), rows=_asked(permission)),
        Part(text["decision"], paragraphs=[_outcome(permission)]),
        Part(text["conditions"], paragraphs=[permission.conditions]),
        Part(text["reasons"], paragraphs=[permission.reasons]),
        Part(text["applied_provisions"], items=[permission.legal_ground, *law_references()]),
        Part(text["appeal"], paragraphs=appeal_instructions()),
        Part(text["further_information"], paragraphs=[settings.CONTACT_EMAIL]),
    ]
    return Sheet(
        kind="third_party",
        language=language,
        number=permission.number,
        title=_title(permission),
        date=local_day(permission.decided_at),  # type: ignore[arg-type]
        addressee=permission.order.organisation.address_lines,
        lead="",
        parts=[part for part in parts if part.rows or part.items or any(part.paragraphs)],
        signatures=[(decided_by.name, text["decided_by"])],
        footer=footer(permission.number),
    )


def _is_granted(permission: ThirdPartyPermission) -> bool:
    """As it was decided: a refusal has no conditions, a permission has."""
    return permission.status != states.REFUSED


def _title(permission: ThirdPartyPermission) -> str:
    if _is_granted(permission):
        return _("The permission is granted")
    return _("The permission is refused")


def _outcome(permission: ThirdPartyPermission) -> str:
    if _is_granted(permission):
        return _(
            "The registry permits the data named above to be given to the recipient until %(last)s, on the"
            " conditions below. The permission ends with the permit to which it is tied."
        ) % {"last": day(permission.valid_to)}
    return _("The registry does not permit the data to be given to the recipient.")


def _matter(permission: ThirdPartyPermission) -> list[Row]:
    order = permission.order
    return [
        Row(_("Gives the data"), f"{order.organisation.name}, {order.organisation.business_id}"),
        Row(_("Receives the data"), f"{permission.recipient}, {permission.business_id}"),
        Row(_("Order"), order.number),
        Row(_("Permit"), str(permission.permit)),
        Row(_("Asked on"), day(permission.asked_at)),
    ]


def _asked(permission: ThirdPartyPermission) -> list[Row]:
    data = "\n".join(map(str, field_texts.labels(permission.fields, permission.order.subject)))
    return [
        Row(_("Data to be given on"), data),
        Row(_("What the recipient uses the data for"), permission.purpose),
        Row(_("How the recipient protects the data"), permission.protection),
        Row(_("Last day of the permission"), day(permission.valid_to)),
    ]
