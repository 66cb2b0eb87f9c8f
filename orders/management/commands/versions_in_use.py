"""`manage.py versions_in_use`: the store versions that orders still need, for `python -m matching prune`."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.models import Order


class Command(BaseCommand):
    help = "Prints the names of the store versions that orders under way were matched by, on one line."

    def handle(self, **options: Any) -> None:
        self.stdout.write(" ".join(Order.objects.store_versions()))
