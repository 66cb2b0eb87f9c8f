"""Opens an account: `manage.py create_user EMAIL --name NAME --organisation BUSINESS_ID --role ROLE`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal import account_mail
from portal.accounts import open_account
from portal.models import Organisation
from portal.roles import Role
from portal.sign_in import enrol_totp

OPERATOR = "operator"
"""The actor of what is done on the command line."""


class Command(BaseCommand):
    help = (
        "Open an account, or take over one whose address was never confirmed. "
        "The person gets a message with a link for choosing a password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--organisation", required=True, metavar="BUSINESS_ID")
        parser.add_argument(
            "--role", required=True, action="append", choices=Role.values, help="may be repeated"
        )
        parser.add_argument("--language", default="fi", choices=[code for code, _ in settings.LANGUAGES])
        parser.add_argument(
            "--totp-secret", metavar="BASE32", help="enrol an authenticator app with this secret"
        )
        parser.add_argument("--show-link", action="store_true", help="print the link instead of mailing it")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(business_id=options["organisation"]).first()
        if organisation is None:
            raise CommandError("No organisation has this business ID.")
        try:
            user = open_account(
                by=OPERATOR,
                email=options["email"],
                name=options["name"],
                organisation=organisation,
                roles=[Role(role) for role in options["role"]],
                language=options["language"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if options["totp_secret"]:
            enrol_totp(user, options["totp_secret"])
        if options["show_link"]:
            self.stdout.write(account_mail.password_link(user))
            return
        account_mail.queue(user, account_mail.INVITATION, organisation)
        self.stdout.write("The account is open, and the message is on its way.")
