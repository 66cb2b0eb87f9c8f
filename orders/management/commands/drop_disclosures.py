"""`python manage.py drop_disclosures`: the months of the disclosure register, and the end of an old one."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.disclosures import months as disclosure_months
from portal.access import Denied
from portal.models import User


class Command(BaseCommand):
    help = "List the months of the disclosure register whose time is over; with a month, drop that one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", nargs="?", metavar="YYYY-MM", help="the month to drop")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator whose act it is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["month"] is None:
            for one in disclosure_months.months():
                if one.is_over:
                    self.stdout.write(f"{one.month:%Y-%m}\tabout {one.rows} rows")
            return
        try:
            month = date.fromisoformat(f"{options['month']}-01")
        except ValueError:
            raise CommandError("A month is written YYYY-MM.") from None
        by = User.objects.filter(email=options["by"] or "", is_active=True).first()
        if by is None:
            raise CommandError("Name the administrator whose act it is: --by EMAIL.")
        try:
            dropped = disclosure_months.drop(month, by=by)
        except Denied as denied:
            raise CommandError(str(denied.reason)) from None
        self.stdout.write(f"{month:%Y-%m}: {dropped.rows} rows dropped")
