"""The organisation's own key: registered, replaced and removed by who manages the organisation.

An age public key (X25519). What is made for it is for it alone: the registry cannot open it.
"""

import re

import pyrage
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pyrage import x25519

from orders.models import OrganisationKey
from portal import organisation_mail, organisations, storage
from portal.access import Denied
from portal.audit import record
from portal.events import Event
from portal.models import Organisation, User

PRIVATE_MARK = "AGE-SECRET-KEY-"
PUBLIC = re.compile(r"age1[a-z0-9]{58}")


def in_use(organisation: Organisation) -> OrganisationKey | None:
    """The key for which the organisation's next delivery is encrypted."""
    return OrganisationKey.objects.filter(organisation=organisation, removed_at=None).first()


def key_of(own: OrganisationKey) -> storage.Key:
    """The key as files at rest take it: the public half is all that there is of it here."""
    return storage.Key(own.recipient, ())


def is_private(text: str) -> bool:
    """True for what holds a private key, which must never be kept or shown again."""
    return PRIVATE_MARK in text.upper()


def checked(text: str) -> str:
    """The public key that was typed, by itself. Raises Denied with what is wrong."""
    if is_private(text):
        raise Denied(
            _(
                "This is the private key. It was not saved, but it should never leave your hands: make a new"
                " pair of keys and send only the public key, which begins with age1."
            )
        )
    words = text.removeprefix("# public key:").split()
    key = words[0] if len(words) == 1 else ""
    if not PUBLIC.fullmatch(key):
        raise Denied(_("This is not an age public key. It begins with age1 and has 62 characters."))
    try:
        x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        text = _("The key has a typing error. Copy it again from the file that age-keygen made.")
        raise Denied(text) from None
    if key in {settings.UPLOAD_RECIPIENT, settings.DELIVERY_RECIPIENT}:
        raise Denied(_("This is the registry’s own key. Send the public key of your organisation."))
    return key


@transaction.atomic
def register(organisation: Organisation, *, by: User, text: str) -> OrganisationKey:
    """Take a public key into use, in the place of the one before; it counts from the next delivery."""
    key = checked(text)
    organisations.lock(organisation)
    before = in_use(organisation)
    if before is not None and before.recipient == key:
        raise Denied(_("This key is already in use."))
    if before is not None:
        _remove(before, by)
    made = OrganisationKey.objects.create(organisation=organisation, recipient=key, added_by=by)
    record(
        Event.OWN_KEY_SET,
        by=by,
        about=made,
        organisation=organisation.pk,
        key=storage.key_id(key),
        replaced=before.pk if before else None,
    )
    organisation_mail.tell_managers(organisation, "key_changed", about=made.pk)
    return made


@transaction.atomic
def remove(organisation: Organisation, *, by: User) -> None:
    """Go back to deliveries that the portal decrypts when they are downloaded."""
    organisations.lock(organisation)
    key = in_use(organisation)
    if key is None:
        raise Denied(_("The organisation has no key of its own."))
    _remove(key, by)
    record(
        Event.OWN_KEY_REMOVED,
        by=by,
        about=key,
        organisation=organisation.pk,
        key=storage.key_id(key.recipient),
    )
    organisation_mail.tell_managers(organisation, "key_changed", about=key.pk)


def _remove(key: OrganisationKey, by: User) -> None:
    OrganisationKey.objects.filter(pk=key.pk).update(removed_at=timezone.now(), removed_by=by)
