"""`manage.py rotate_keys`: files at rest written anew for the present public keys.

Run it in a worker for uploads and in a web process for deliveries: each has only its own private keys, and
leaves the other's files alone. It may be stopped and run again.
"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from orders.models import OrderFile
from portal import storage
from portal.audit import Event, record

UPLOADS = (OrderFile.Kind.MATERIAL, OrderFile.Kind.LINKS)
DELIVERIES = (OrderFile.Kind.DELIVERY_CSV, OrderFile.Kind.DELIVERY_XLSX)
OPERATOR = "operator"


class Command(BaseCommand):
    help = "Encrypts every file at rest that this process can read for the present key, and deletes the old."

    def handle(self, **options: Any) -> None:
        for title, kinds, key in (
            ("uploads", UPLOADS, storage.upload_key()),
            ("deliveries", DELIVERIES, storage.delivery_key()),
        ):
            if not key.identities:
                self.stdout.write(f"{title}: no private key here")
                continue
            done = sum(_rotate(file, key) for file in _outdated(kinds, key))
            self.stdout.write(f"{title}: {done} files written for {key.id}")


def _outdated(kinds: tuple[str, ...], key: storage.Key) -> Iterator[OrderFile]:
    """Files at rest that are not for the key."""
    files = OrderFile.objects.filter(kind__in=kinds, purged_at=None).exclude(key_id=key.id)
    return files.select_related("order").iterator(chunk_size=500)


def _rotate(file: OrderFile, key: storage.Key) -> bool:
    """Write one file anew; whichever copy the row does not name in the end is deleted."""
    new = storage.reencrypt(file.name, key)
    with transaction.atomic():
        here = OrderFile.objects.filter(pk=file.pk, name=file.name, purged_at=None)
        rotated = bool(here.update(name=new.name, key_id=new.key_id))
        if rotated:
            record(Event.KEYS_ROTATED, by=OPERATOR, about=file.order, file=file.pk, key=new.key_id)
    storage.delete(file.name if rotated else new.name)
    return rotated
