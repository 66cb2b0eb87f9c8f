"""`manage.py rotate_keys`: files at rest written anew for the present public keys.

Run it in a worker for uploads and in a web process for deliveries: each has only its own private keys, and
leaves the other's files alone. It may be stopped and run again.
"""

from typing import Any

from django.core.management.base import BaseCommand

from portal.shelves import SHELVES, rotate


class Command(BaseCommand):
    help = "Encrypts every file at rest that this process can read for the present key, and deletes the old."

    def handle(self, **options: Any) -> None:
        for shelf in SHELVES:
            key = shelf.key()
            if not key.identities:
                self.stdout.write(f"{shelf.title}: no private key here")
                continue
            self.stdout.write(f"{shelf.title}: {rotate(shelf)} files written for {key.id}")
