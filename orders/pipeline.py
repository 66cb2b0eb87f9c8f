"""What the machine does with an order: check, release, deliver; the steps between are in `orders.steps`.
Nothing that serves people imports it: they queue its jobs.

Each step is a job under a lease (`portal.outbox`). It reads what it needs, works in a private folder, and
stores its result, its status change and the job's end in one transaction, so that a step that is run again
or by two workers is done once.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching.errors import InputProblems, Problem
from matching.store import cache
from matching.store.versions import in_use, open_version, prune, versions
from orders import emails, policies, retention, states, workflow
from orders.check import reading
from orders.delivery import making as delivery
from orders.material import order_form_read
from orders.models import Material, Order, OrderFile
from permits.access import NotAccepted
from portal import outbox, scan, storage
from portal.access import Denied, reason_not_to
from portal.audit import record
from portal.events import MACHINE, Event
from portal.outbox import Lease
from portal.states import move

log = structlog.get_logger(__name__)


def check_material(lease: Lease) -> None:
    """Read what was sent and store the report of it, or the problems that the customer must mend."""
    material = Material.objects.select_related("file", "order").get(pk=lease.key)
    has_ended = material.order.status != states.DRAFT  # cancelled meanwhile
    if material.state != Material.State.RECEIVED or material.file.purged_at is not None or has_ended:
        lease.finish()
        return
    with (
        storage.private_folder() as folder,
        storage.decrypted_copy(material.file.name, storage.upload_key(), folder) as path,
    ):
        form = None
        try:
            _scan(path)
            if material.is_form:
                form = order_form_read.read(path, folder, material.order.permit)
            register = form.register if form else path
            done = reading.read(material, register, folder, limits(folder))
        except InputProblems as refused:
            _refuse(lease, material, refused)
            return
        if done.refused:
            _refuse(lease, material, form.sheets.in_cells(done.refused) if form else done.refused, done)
            return
        unpacked = stored(register, "materials") if form else None
    with transaction.atomic():
        if not _still_newest(material):
            lease.finish()
            return
        if form and unpacked:
            order_form_read.apply(form, material.order)
            _replace_file(material, unpacked)
        reading.keep(material, done)
        report = done.report
        Material.objects.filter(pk=material.pk).update(
            state=Material.State.CHECKED, checked_at=timezone.now(), rows=report["rows"], report=report
        )
        record(Event.UPLOAD_CHECKED, by=MACHINE, about=material.order, rows=report["rows"])
        lease.finish()


def deliver(lease: Lease) -> None:
    """Make the delivery of a released order and hand it over.

    Protection is judged twice: on the day and data of the match, and today on the newest store version; who
    is protected in either is withheld. The files, the disclosure register's rows and the status are stored
    in one transaction: nothing is delivered without its record, or twice.
    """
    order = order_of(lease)
    if order.status != states.RELEASED or not permit_holds(order):
        lease.finish()
        return
    with made_delivery(order) as made, transaction.atomic():
        workflow.lock(order)
        if order.status != states.RELEASED or not permit_holds(order):  # ended while it was made
            lease.finish()
            return
        if order.permit_id != made.delivery.permit_id:  # made under a version that is not today's any more
            raise outbox.Later
        delivery.hand_over(order, made)
        move(
            order,
            states.DELIVERED,
            by=MACHINE,
            details={"rows": made.report.rows, "store_version": order.store_version},
            delivered_at=timezone.now(),
        )
        emails.delivered(order)
        lease.finish()


@contextmanager
def made_delivery(order: Order) -> Iterator[delivery.Made]:
    """The order's delivery, made under its permit, judged today on the newest data, not handed over yet."""
    newest = newest_version()
    with (
        storage.private_folder() as folder,
        material_of(order, folder) as register,
        population(order.store_version, newest) as store,
    ):
        yield delivery.make(
            order,
            register,
            folder,
            store,
            protection_version=newest,
            protection_on=policies.today(),
            limits=limits(folder),
        )


def give_up(order_pk: str) -> None:
    """Stop an order whose job has failed for good; an official can start it again."""
    order = Order.objects.get(pk=order_pk)
    if order.status in states.ORDER.sources(states.FAILED):
        move(order, states.FAILED, by=MACHINE, ended_at=timezone.now(), ended_reason="fault")
        workflow.drop_chunks(order)


def give_up_check(material_pk: str) -> None:
    """Tell the customer that a material could not be checked, so that nothing hangs for ever."""
    problem: dict[str, Any] = {
        "code": "check_failed",
        "text": "The file could not be checked.",
        "row": None,
        "column": None,
        "params": {},
    }
    Material.objects.filter(pk=material_pk, state=Material.State.RECEIVED).update(
        state=Material.State.REFUSED, checked_at=timezone.now(), problems=[problem]
    )


def order_of(lease: Lease) -> Order:
    return Order.objects.select_related("organisation", "permit").get(pk=lease.key)


def permit_holds(order: Order) -> bool:
    """True while the permit allows the order, which goes on under its version of today.

    Else the order is rejected with its reason, and told. Raises Later where a newer version only waits for
    its acceptance: the order waits with it.
    """
    try:
        policies.check_permit(order)
    except NotAccepted:
        raise outbox.Later from None
    except Denied:
        _reject(order)
        return False
    workflow.follow_permit(order, by=MACHINE)
    return True


def _reject(order: Order) -> None:
    """End the order; it names the version that no longer allows it."""
    with transaction.atomic():
        workflow.follow_permit(order, by=MACHINE)
        reason = "permit" if reason_not_to(policies.check_permit, order) else "fields"
        move(order, states.REJECTED, by=MACHINE, ended_at=timezone.now(), ended_reason=reason)
        workflow.drop_chunks(order)
        workflow.purge_files(order.files.filter(purged_at=None), retention.ORDER_ENDED)
        emails.rejected(order)


def _refuse(
    lease: Lease, material: Material, refused: InputProblems, done: reading.Read | None = None
) -> None:
    with transaction.atomic():
        if not _still_newest(material):
            lease.finish()
            return
        if done is not None:
            reading.keep(material, done)
        Material.objects.filter(pk=material.pk).update(
            state=Material.State.REFUSED,
            checked_at=timezone.now(),
            problems=[asdict(problem) for problem in refused.problems],
            report={"problems_total": refused.total},
        )
        record(Event.UPLOAD_REFUSED, by=MACHINE, about=material.order, problems=refused.total)
        if refused.problems[0].code in {"virus_found", "too_large_to_scan"}:
            workflow.purge_files([material.file], retention.UNSAFE)
        lease.finish()


def _still_newest(material: Material) -> bool:
    """Whether the customer has neither sent another register nor ended the draft; the order is locked."""
    workflow.lock(material.order)
    return material.order.status == states.DRAFT and material.order.material == material


def _scan(path: Path) -> None:
    """Have the file scanned; what the scanner refuses is the customer's to mend."""
    with path.open("rb") as source:
        try:
            scan.scan(source)
        except scan.VirusFound:
            raise InputProblems([Problem("virus_found", "The file holds a virus. It was deleted.")]) from None
        except scan.TooLargeToScan:
            text = "The file is too large, or packed too tightly, to be scanned for viruses. It was deleted."
            raise InputProblems([Problem("too_large_to_scan", text)]) from None


def _replace_file(material: Material, stored: storage.StoredFile) -> None:
    """Go on with the register that was in the form; the form itself is purged."""
    file = OrderFile.objects.create(order=material.order, kind=OrderFile.Kind.MATERIAL, **vars(stored))
    workflow.purge_files([material.file], retention.REPLACED)
    Material.objects.filter(pk=material.pk).update(file=file)


def checked_material(order: Order) -> Material:
    return order.materials.filter(state=Material.State.CHECKED).latest("received_at")


def material_of(order: Order, folder: Path) -> AbstractContextManager[Path]:
    """The order's register, decrypted into the folder."""
    return storage.decrypted_copy(checked_material(order).file.name, storage.upload_key(), folder)


def stored(path: Path, folder: str) -> storage.StoredFile:
    """Keep a file that workers alone may read."""
    return storage.store_path(path, storage.upload_key(), folder=folder)


def limits(folder: Path) -> dict[str, Any]:
    return {"threads": settings.MATCH_THREADS, "memory": settings.MATCH_MEMORY, "temp": folder}


def prune_store() -> int:
    """Remove the population's versions that no order needs, but the newest; returns how many."""
    store = Path(settings.POPULATION_STORE)
    if not versions(store):  # a new installation, whose first build has not ended
        return 0
    pruned = prune(store, Order.objects.store_versions())
    log.info("store pruned", versions=pruned)
    return len(pruned)


def newest_version() -> str:
    return open_version(Path(settings.POPULATION_STORE)).version


@contextmanager
def population(*versions: str) -> Iterator[Path]:
    """A store that holds the versions: the worker's own copy, or the store itself.

    A copy is worth its making only for the newest versions, which the next orders need as well.
    """
    store, copies = Path(settings.POPULATION_STORE), settings.POPULATION_CACHE
    with ExitStack() as used:
        if copies and set(versions) <= set(cache.newest(store)):
            for version in dict.fromkeys(versions):
                used.enter_context(cache.cached(store, Path(copies), version))
            yield Path(copies)
        else:
            for version in versions:
                used.enter_context(in_use(open_version(store, version)))
            yield store
