"""Mail about organisations and their members: sent by a worker, in the reader's language, naming no person.

An invitation's link is made when the message is sent, and only the token's hash is kept: the job holds none.
"""

import hashlib
import secrets
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal import outbox
from portal.models import Invitation, Organisation, User
from portal.outbox import Lease
from portal.roles import Role


def tell(reader: User, organisation: Organisation, notice: str, *, about: uuid.UUID) -> None:
    """Queue one notice, in the caller's transaction; `about` tells it from others of its kind."""
    outbox.queue(
        "portal.organisation_mail",
        f"{about}:{reader.pk}",
        user=str(reader.pk),
        organisation=str(organisation.pk),
        notice=notice,
    )


def tell_managers(organisation: Organisation, notice: str, *, about: uuid.UUID) -> None:
    """Queue a notice to each who manages the organisation's members."""
    managers = User.objects.filter(
        memberships__organisation=organisation, memberships__role=Role.MANAGER, is_active=True
    )
    for manager in managers:
        tell(manager, organisation, notice, about=about)


def send_invitation(invitation: Invitation) -> None:
    outbox.queue("portal.invitation_mail", invitation.pk)


def send(lease: Lease) -> None:
    """Send a notice. The job's end is stored before the sending is committed, so a fault repeats it."""
    reader = User.objects.get(pk=lease.payload["user"])
    organisation = Organisation.objects.get(pk=lease.payload["organisation"])
    is_member = lease.payload["notice"] != "turned_down"
    path = reverse("organisations:detail", args=[organisation.pk]) if is_member else "/organisations/"
    context = {"organisation": organisation.name, "link": settings.SITE_URL + path}
    with transaction.atomic(), translation.override(reader.language):
        lease.finish()
        _mail(f"emails/organisation_{lease.payload['notice']}", context, reader.email)


def send_link(lease: Lease) -> None:
    """Send an invitation with a new link; one withdrawn or accepted meanwhile is not sent."""
    invitation = Invitation.objects.select_related("organisation").get(pk=lease.key)
    token = secrets.token_urlsafe(32)
    link = settings.SITE_URL + reverse("organisations:invitation", args=[token])
    organisation = invitation.organisation
    context = {
        # until the registry has looked at it, a name is what anybody liked to type: it goes to no stranger
        "organisation": organisation.name if organisation.is_verified else "",
        "business_id": organisation.business_id,
        "link": link,
        "expires_at": invitation.expires_at,
    }
    with transaction.atomic(), translation.override(invitation.language):
        lease.finish()
        if invitation.is_open:
            hashed = hashlib.sha256(token.encode()).hexdigest()
            Invitation.objects.filter(pk=invitation.pk).update(token_hash=hashed)
            _mail("emails/organisation_invited", context, invitation.email)


def _mail(template: str, context: Mapping[str, object], address: str) -> None:
    subject = render_to_string(f"{template}_subject.txt", context).strip()
    send_mail(subject, render_to_string(f"{template}.txt", context), settings.DEFAULT_FROM_EMAIL, [address])
