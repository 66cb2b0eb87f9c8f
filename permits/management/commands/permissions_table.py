"""`python manage.py permissions_table`: write docs/permissions.md anew from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from permits import permission_table


class Command(BaseCommand):
    help = "Write docs/permissions.md from the tables in the code."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "permissions.md"
        path.write_text(permission_table.text(), encoding="utf-8")
        self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
