"""Mail about accounts: queued without any secret, written and sent by a worker in the reader's language.

A job holds a user's id and a template's name. Links for passwords and addresses are made when the message is
sent, so that none lies in the database.
"""

import uuid
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from portal import outbox
from portal.models import Organisation, User
from portal.outbox import Lease

RESET = "account/email/password_reset_key"
INVITATION = "account/email/invitation"
CONFIRMATION = "account/email/email_confirmation"
EXISTS = "account/email/account_already_exists"


def queue(user: User, template: str, organisation: Organisation | None = None) -> None:
    """Queue one message, in the caller's transaction."""
    about = str(organisation.pk) if organisation else None
    now = timezone.now().isoformat()
    outbox.queue(
        "portal.account_mail", uuid.uuid4(), user=str(user.pk), template=template, at=now, organisation=about
    )


def send(lease: Lease) -> None:
    """Send one message. The job's end is stored before the sending is committed, so a fault repeats it."""
    user = User.objects.get(pk=lease.payload["user"])
    template = lease.payload["template"]
    context = _context(user, lease.payload)
    with transaction.atomic(), translation.override(user.language):
        lease.finish()
        subject = render_to_string(f"{template}_subject.txt", context).strip()
        message = render_to_string(f"{template}_message.txt", context).strip()
        send_mail(subject, message, settings.DEFAULT_FROM_EMAIL, [user.email])


def _context(user: User, payload: dict[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = {
        "timestamp": datetime.fromisoformat(payload["at"]),
        "contact_email": settings.CONTACT_EMAIL,
    }
    if payload["template"] in {RESET, INVITATION, EXISTS}:
        context["password_reset_url"] = password_link(user)
    if payload["template"] == INVITATION:
        context["organisation"] = Organisation.objects.get(pk=payload["organisation"]).name
    if payload["template"] == CONFIRMATION:
        key = EmailConfirmationHMAC(EmailAddress.objects.get(user=user, email=user.email)).key
        context["activate_url"] = settings.SITE_URL + reverse("account_confirm_email", args=[key])
    return context


def password_link(user: User) -> str:
    """The address of the page where the user, once and within three days, chooses a password."""
    uid, token = user_pk_to_url_str(user), default_token_generator.make_token(user)
    return settings.SITE_URL + reverse(
        "account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}
    )
