"""`manage.py demo_cases`: the demo's applications and one permit in force, of the demo's people."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from permits import demo
from portal.models import User


class Command(BaseCommand):
    help = "Makes the demo's applications, one at each stage, and a permit in force."

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("applicant", "signatory", "preparer", "decider"):
            parser.add_argument(f"--{name}", required=True, help="e-mail address of the user")

    def handle(self, **options: Any) -> None:
        people = {
            name: User.objects.get(email=options[name])
            for name in ("applicant", "signatory", "preparer", "decider")
        }
        self.stdout.write(str(demo.seed(**people)))
