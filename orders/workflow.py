"""What people do with an order: each act one transaction with its audit row, for pages and API alike."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import policies, retention, states
from orders.models import Attestation, Material, Order, OrderFile, Statement, Upload
from orders.prices import pricing
from permits.access import check_fields, version_now
from permits.models import Permit
from portal import outbox, storage
from portal.access import Denied
from portal.audit import Actor, record
from portal.events import MACHINE, Event
from portal.models import Organisation, User
from portal.roles import Role
from portal.states import move
from portal.uploads import EncryptedUpload, clean_name

DETAILS = frozenset(
    {
        "contact_name",
        "contact_email",
        "contact_phone",
        "register_name",
        "register_description",
        "students",
        "fields",
        "formats",
        "wanted_on",
    }
)


@transaction.atomic
def create(
    *, by: User, organisation: Organisation, permit: Permit, token: uuid.UUID, subject: str = "", **more: Any
) -> Order:
    """Begin a draft under a permit. `token` is the form's: sent twice, it still makes one order.

    `subject` is what the register is about; it may be left out where the permit covers one kind alone.
    `more` are further columns that the draft begins with.
    """
    if not organisation.memberships.filter(user=by, role=Role.APPLICANT).exists():
        raise Denied(_("You are not a member of the organisation."))
    policies.check_orderable(permit, organisation, subject)
    subject = subject or _only_subject(permit)
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
            "subject": subject,
            "fields": permit.fields_of(subject),
            **more,
        },
    )
    is_of = (order.created_by, order.organisation, order.permit, order.subject)
    if is_of != (by, organisation, permit, subject):
        raise Denied(_("The form was already used. Open it anew."))
    if made:
        order.refresh_from_db()
        record(Event.ORDER_CREATED, by=by, about=order, permit=permit.pk, subject=subject)
    return order


def _only_subject(permit: Permit) -> str:
    subjects = permit.subjects
    if len(subjects) != 1:
        raise Denied(_("Choose what your register is about."))
    return subjects[0].value


@transaction.atomic
def describe(order: Order, *, by: User, **details: Any) -> None:
    """Store the order's details: any of DETAILS. Raises Denied for fields outside the permit."""
    unknown = set(details) - DETAILS
    if unknown:
        raise TypeError(f"not details of an order: {sorted(unknown)}")
    lock(order)
    policies.check_can_describe(order)
    follow_permit(order, by=by)
    if "fields" in details:
        check_fields(order.permit, list(details["fields"]), order.subject)
    if "formats" in details:
        policies.check_formats(details["formats"])
    policies.check_wish(order, details.get("wanted_on"))
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
    return take_material(order, upload.keep("materials"), by=by, name=upload.name or "", is_form=is_form)


def take_material(
    order: Order, stored: storage.StoredFile, *, by: User, name: str, is_form: bool = False
) -> Material:
    """Go on with a stored file as the order's material, in the caller's transaction, who has checked that
    it may come. Its check is queued, earlier material purged.
    """
    file = OrderFile.objects.create(order=order, kind=OrderFile.Kind.MATERIAL, **vars(stored))
    material = Material.objects.create(
        order=order, file=file, received_by=by, given_name=clean_name(name), is_form=is_form
    )
    gone = (OrderFile.Kind.MATERIAL, OrderFile.Kind.SAMPLE, OrderFile.Kind.CHECK_REPORT)
    earlier = order.files.filter(kind__in=gone, purged_at=None).exclude(pk=file.pk)
    purge_files(earlier, retention.REPLACED)
    record(Event.UPLOAD_RECEIVED, by=by, about=order, file=file.pk, bytes=stored.size, sha256=stored.sha256)
    outbox.queue("orders.check", material.pk, order.turn)
    return material


@transaction.atomic
def place(order: Order, *, by: User, accepted_by: str, attested: Collection[str]) -> None:
    """Place the order: terms are accepted and promises (`Statement`) made by name, price and window fixed."""
    lock(order)
    policies.check_can_place(order)
    follow_permit(order, by=by)
    if not accepted_by.strip():
        raise Denied(_("Accept the terms with your name."))
    if not set(Statement.values) <= set(attested):
        raise Denied(_("The order can be placed only when you give each assurance."))
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
    _promise(order, by, accepted_by.strip()[:200])
    drop_uploads(order, by=by)
    outbox.queue("orders.match", order.pk, order.turn)
    outbox.queue("orders.confirm", order.pk, permit=str(order.permit_id))


def _promise(order: Order, by: User, name: str) -> None:
    """Keep the promises with who made them, and when."""
    Attestation.objects.bulk_create(
        Attestation(order=order, statement=statement, name=name, by=by) for statement in Statement.values
    )


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
    drop_uploads(order, by=by)
    purge_files(order.files.filter(purged_at=None), retention.ORDER_ENDED)


@transaction.atomic
def release_by_clock(order: Order) -> None:
    """Release a ready order whose time has come, or that nobody waits with: its delivery is made next."""
    move(order, states.RELEASED, by=MACHINE, frm=states.READY, released_at=timezone.now())
    outbox.queue("orders.deliver", order.pk, order.turn)


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


def drop_uploads(order: Order, *, by: Actor) -> None:
    """End what is still being sent for the order, in the caller's transaction: no draft, no upload."""
    for upload in order.uploads.filter(status__in=states.UPLOAD.sources(states.UPLOAD_CANCELLED)):
        end_upload(upload, states.UPLOAD_CANCELLED, by=by)


def end_upload(upload: Upload, to: str, *, by: Actor, reason: str = "") -> None:
    """End an upload before it became material, in the caller's transaction; what arrived of it is purged."""
    move(upload, to, by=by, details={"reason": reason}, ended_at=timezone.now(), reason=reason)
    purge_parts(upload)


def purge_parts(upload: Upload) -> None:
    """Queue the purge of an ended upload's parts, in the caller's transaction."""
    outbox.queue("orders.purge_upload", upload.pk)


def purge_files(files: Iterable[OrderFile], rule: retention.Rule | None = None) -> None:
    """Queue each file's purge in the caller's transaction; by its kind's own rule unless one is named."""
    for file in files:
        by = rule or retention.OF_KIND[file.kind].rule
        outbox.queue("orders.purge_file", file.pk, rule=by.name)
