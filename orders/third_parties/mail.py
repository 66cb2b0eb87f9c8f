"""Mail about permissions for third parties, to the asking and the receiving organisation, without names.

The recipient's is in the language of who asked.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from orders import emails
from orders.models import ThirdPartyPermission
from portal import outbox
from portal.models import User
from portal.outbox import Lease

HOLDER, RECIPIENT = "holder", "recipient"


def decided(permission: ThirdPartyPermission) -> None:
    """Tell both of the decision, in the caller's transaction."""
    _queue(permission, permission.status)


def ended(permission: ThirdPartyPermission) -> None:
    """Tell the holder that it is void, and the recipient too where the permission had been granted."""
    _queue(permission, "void", to_recipient=permission.decided_at is not None)


def _queue(permission: ThirdPartyPermission, notice: str, *, to_recipient: bool = True) -> None:
    asking = emails.readers(permission.order, permission.asked_by)
    told = [(HOLDER, reader.pk) for reader in asking]
    for to, user in [*told, (RECIPIENT, permission.asked_by_id)] if to_recipient else told:
        outbox.queue(
            "orders.third_party_mail",
            f"{permission.pk}:{notice}:{to}:{user}",
            permission=str(permission.pk),
            notice=notice,
            to=to,
            user=str(user),
        )


def send(lease: Lease) -> None:
    """Send one notice. The job's end is stored before the sending is committed, so a fault repeats it."""
    found = ThirdPartyPermission.objects.select_related("order__organisation")
    permission = found.get(pk=lease.payload["permission"])
    to, notice = lease.payload["to"], lease.payload["notice"]
    reader = User.objects.get(pk=lease.payload["user"])
    address = reader.email if to == HOLDER else permission.recipient_email
    path = reverse("orders:third_party", args=[permission.order_id, permission.serial])
    context = {
        "permission": permission,
        "organisation": permission.order.organisation.name,
        "notice": notice,
        "link": settings.SITE_URL + path,
        "check_link": settings.SITE_URL + reverse("permits:document_check"),
    }
    with transaction.atomic(), translation.override(reader.language):
        lease.finish()
        subject = render_to_string("emails/third_party_subject.txt", context).strip()
        body = render_to_string(f"emails/third_party_{to}.txt", context)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
