"""What people do with a mapping: have a file read by it, take one that was saved, forget one."""

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from orders import policies
from orders.check import mappings
from orders.models import Material, Order, SavedMapping
from orders.workflow import lock
from portal import outbox
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import User


@transaction.atomic
def read_again(
    order: Order, *, by: User, mapping: dict[str, Any], save_as: str = "", seen: str | None = None
) -> None:
    """Have the newest material read by the mapping: empty, as it is detected.

    `seen` is the id of the sample by which the mapping was made. Raises Denied where the file has been read
    anew since, and mappings.NoMapping.
    """
    mapping = mappings.validated(mapping)
    lock(order)
    policies.check_can_map(order)
    material = order.material
    if material is None or (seen is not None and seen != str(material.sample_id)):
        raise Denied(_("The file was read anew after you opened this page. Open the page again."))
    Material.objects.filter(pk=material.pk).update(
        state=Material.State.RECEIVED,
        checked_at=None,
        rows=None,
        report={},
        problems=[],
        mapping=mapping,
        origin=Material.Origin.CUSTOMER,
        mapped_by=by,
        saved_mapping=None,
        save_as=save_as if mapping else "",
    )
    record(Event.MATERIAL_MAPPED, by=by, about=order, material=material.pk, columns=_used(mapping))
    outbox.queue("orders.check", material.pk, order.turn)


def _used(mapping: dict[str, Any]) -> int:
    layout = [one.get("field") for one in mapping.get("fixed_width", [])]
    return sum(1 for field in (*mapping.get("columns", {}).values(), *layout) if field)


def saved_of(order: Order, pk: str) -> SavedMapping:
    """A saved mapping of the order's organisation, else 404."""
    try:
        return SavedMapping.objects.get(organisation=order.organisation_id, pk=uuid.UUID(pk))
    except (SavedMapping.DoesNotExist, ValueError):
        raise Http404 from None


@transaction.atomic
def forget(saved: SavedMapping, *, by: User) -> None:
    """Delete a saved mapping; files that were read by it stay as they are."""
    record(Event.MAPPING_DELETED, by=by, about=saved.organisation, mapping=saved.pk)
    saved.delete()
