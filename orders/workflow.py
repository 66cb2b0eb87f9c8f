"""What people do with an order: each act one transaction with its audit row, for pages and API alike."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import policies, pricing, states
from orders.models import Material, Order, OrderFile
from permits.access import check_fields, version_now
from permits.models import Permit
from portal import outbox
from portal.access import Denied
from portal.audit import Actor, record
from portal.events import Event
from portal.models import Organisation, User
from portal.roles import Role
from portal.states import move
from portal.uploads import EncryptedUpload

DETAILS = frozenset(
    {
        "contact_name",
        "contact_email",
        "contact_phone",
        "register_name",
        "register_description",
        "students",
        "fields",
    }
)


@transaction.atomic
def create(*, by: User, organisation: Organisation, permit: Permit, token: uuid.UUID) -> Order:
    """Begin a draft under a permit. `token` is the form's: sent twice, it still makes one order."""
    if not organisation.memberships.filter(user=by, role=Role.APPLICANT).exists():
        raise Denied(_("You are not a member of the organisation."))
    policies.check_orderable(permit, organisation)
    if version_now(permit, policies.today()) != permit:
        raise Denied(_("Permit %(permit)s has been replaced by a newer version.") % {"permit": permit.number})
    order, made = Order.objects.get_or_create(
        pk=token,
        defaults={
            "organisation": organisation,
            "permit": permit,
            "created_by": by,
            "contact_name": by.name,
            "contact_email": by.email,
            "fields": permit.fields_of(),
        },
    )
    is_of_this_form = (order.created_by, order.organisation, order.permit) == (by, organisation, permit)
    if not is_of_this_form:
        raise Denied(_("The form was already used. Open it anew."))
    if made:
        order.refresh_from_db()
        record(Event.ORDER_CREATED, by=by, about=order, permit=permit.pk)
    return order


@transaction.atomic
def describe(order: Order, *, by: User, **details: object) -> None:
    """Store the order's details: any of DETAILS. Raises Denied for fields outside the permit."""
    unknown = set(details) - DETAILS
    if unknown:
        raise TypeError(f"not details of an order: {sorted(unknown)}")
    lock(order)
    policies.check_can_describe(order)
    follow_permit(order, by=by)
    if "fields" in details:
        check_fields(order.permit, list(details["fields"]))  # type: ignore[call-overload]
    if not Order.objects.filter(pk=order.pk, status=states.DRAFT).update(**details):
        raise Denied(_("The order has been placed and can no longer be changed."))
    order.refresh_from_db()
    record(Event.ORDER_DESCRIBED, by=by, about=order)


@transaction.atomic
def send_material(order: Order, *, by: User, upload: EncryptedUpload, is_form: bool = False) -> Material:
    """Store what the customer sent, still encrypted, and queue its check. Earlier material is purged."""
    lock(order)
    policies.check_can_upload(order)
    follow_permit(order, by=by)
    stored = upload.keep("materials")
    file = OrderFile.objects.create(order=order, kind=OrderFile.Kind.MATERIAL, **vars(stored))
    material = Material.objects.create(
        order=order, file=file, received_by=by, given_name=(upload.name or "")[:200], is_form=is_form
    )
    purge_files(order.files.filter(kind=OrderFile.Kind.MATERIAL, purged_at=None).exclude(pk=file.pk))
    record(Event.UPLOAD_RECEIVED, by=by, about=order, file=file.pk, bytes=stored.size, sha256=stored.sha256)
    outbox.queue("orders.check", material.pk, order.turn)
    return material


@transaction.atomic
def place(order: Order, *, by: User, accepted_by: str) -> None:
    """Place the order: the terms are accepted by name, the price and the delivery window are fixed."""
    lock(order)
    policies.check_can_place(order)
    follow_permit(order, by=by)
    if not accepted_by.strip():
        raise Denied(_("Accept the terms with your name."))
    now, day, rows = timezone.now(), policies.today(), order.material.rows or 0  # type: ignore[union-attr]
    price = pricing.price(order.organisation, rows, day)
    window = order.window_if_placed(day)
    move(
        order,
        states.PLACED,
        by=by,
        frm=states.DRAFT,
        details={
            "permit": order.permit_id,
            "rows": rows,
            "price_cents": price.cents,
            "fields": sorted(order.fields),
        },
        terms=order.permit.terms,
        terms_accepted_by=accepted_by.strip()[:200],
        placed_at=now,
        placed_by=by,
        price_list=price.price_list,
        price_cents=price.cents,
        window_opens=window.opens,
        window_closes=window.closes,
        judged_on=day,
    )
    outbox.queue("orders.match", order.pk, order.turn)


@transaction.atomic
def follow_permit(order: Order, *, by: Actor) -> None:
    """Go on under the version of the order's permit that is in force today; whoever calls has checked it."""
    permit = version_now(order.permit, policies.today())
    if Order.objects.filter(pk=order.pk).exclude(permit=permit).update(permit=permit):
        record(Event.ORDER_UNDER_NEWER_VERSION, by=by, about=order, permit=permit.pk, version=permit.version)
    order.permit = permit


@transaction.atomic
def cancel(order: Order, *, by: User) -> None:
    """Cancel before all is matched; the material is purged, and what is matched of it."""
    policies.check_can_cancel(order)
    move(order, states.CANCELLED, by=by, ended_at=timezone.now(), ended_reason="cancelled")
    drop_chunks(order)
    purge_files(order.files.filter(purged_at=None))


@transaction.atomic
def release_early(order: Order, *, by: User, reason: str) -> None:
    """Release a ready order before its window opens; an official says why."""
    policies.check_can_release(order)
    if not reason.strip():
        raise Denied(_("Give the reason for the early release."))
    follow_permit(order, by=by)
    move(order, states.RELEASED, by=by, released_at=timezone.now(), release_reason=reason.strip()[:1000])
    outbox.queue("orders.deliver", order.pk, order.turn)


@transaction.atomic
def retry(order: Order, *, by: User) -> None:
    """Start a failed order again from its placed state."""
    policies.check_can_retry(order)
    follow_permit(order, by=by)
    move(order, states.PLACED, by=by, frm=states.FAILED, ended_at=None, ended_reason="")
    outbox.queue("orders.match", order.pk, order.turn)


def lock(order: Order) -> None:
    """See the order as it is now, and let nobody send material or place it until the transaction ends."""
    Order.objects.select_for_update().get(pk=order.pk)
    order.refresh_from_db()


def drop_chunks(order: Order) -> None:
    """Purge the pieces of the order's match, in the caller's transaction; their jobs find nothing to do."""
    order.chunks.all().delete()
    kinds = (OrderFile.Kind.PIECE, OrderFile.Kind.PIECE_LINKS, OrderFile.Kind.PIECE_CANDIDATES)
    purge_files(order.files.filter(kind__in=kinds, purged_at=None))


def purge_files(files: Iterable[OrderFile]) -> None:
    """Queue the purge of each file, in the caller's transaction."""
    for file in files:
        outbox.queue("orders.purge_file", file.pk)
