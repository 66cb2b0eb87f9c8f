"""An organisation's own key, for which its deliveries are encrypted."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models import Organisation


class OrganisationKey(models.Model):
    """An organisation's own age public key (X25519). What is made for it, nobody in the registry can open.

    A key that is replaced or removed stays on record, for it tells for whom earlier deliveries were made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="delivery_keys")
    recipient = models.CharField(max_length=80)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(removed_at__isnull=True),
                name="one_key_in_use_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="a_key_is_removed_by_somebody",
            ),
        ]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public key's text, its first 16 digits in fours: short enough to compare."""
        digits = hashlib.sha256(self.recipient.encode()).hexdigest()[:16]
        return " ".join(digits[start : start + 4] for start in range(0, 16, 4))
