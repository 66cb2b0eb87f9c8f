"""A register on its way in: sent in parts over a line that may break (tus), joined by a worker."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.files import Material
from orders.models.order import Order


class UploadStatus(models.TextChoices):
    """The states of an upload in words."""

    OPEN = states.UPLOAD_OPEN, _("Not finished")
    RECEIVED = states.UPLOAD_RECEIVED, _("Being put together")
    JOINED = states.UPLOAD_JOINED, _("Arrived")
    CANCELLED = states.UPLOAD_CANCELLED, _("Cancelled")
    EXPIRED = states.UPLOAD_EXPIRED, _("Expired")
    REFUSED = states.UPLOAD_REFUSED, _("Refused")


def expiry() -> datetime:
    """Until when an upload is kept that is touched now and then left."""
    return timezone.now() + timedelta(days=settings.UPLOAD_UNFINISHED_DAYS)


class Upload(models.Model):
    """A file that is being sent (lähetys): `offset` of its `length` bytes have arrived.

    It becomes the order's material once it is whole; from then on the material tells how it stands. Its
    status changes only by `portal.states.move`. `fingerprint` is the sender's own mark of the file, by which
    the browser knows it again after a break.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="uploads")
    status = models.CharField(max_length=10, choices=UploadStatus.choices, default=states.UPLOAD_OPEN)
    reason = models.CharField(max_length=20, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(default=expiry)
    received_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    material = models.OneToOneField(Material, on_delete=models.PROTECT, null=True, related_name="upload")

    WORKFLOW: ClassVar = states.UPLOAD

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status=states.UPLOAD_OPEN), name="open_uploads")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(states.UPLOAD.transitions)), name="upload_status"
            ),
            models.CheckConstraint(
                condition=Q(length__gt=0, offset__lte=F("length")), name="no_more_arrives_than_was_told"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[states.UPLOAD_RECEIVED, states.UPLOAD_JOINED])
                | Q(offset=F("length"), received_at__isnull=False),
                name="what_is_received_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=states.UPLOAD_JOINED, material__isnull=False)
                | ~Q(status=states.UPLOAD_JOINED) & Q(material__isnull=True),
                name="a_joined_upload_is_a_material",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[states.UPLOAD_OPEN, states.UPLOAD_RECEIVED], ended_at__isnull=True)
                | ~Q(status__in=[states.UPLOAD_OPEN, states.UPLOAD_RECEIVED]) & Q(ended_at__isnull=False),
                name="an_ended_upload_has_its_time",
            ),
        ]

    @property
    def organisation_id(self) -> uuid.UUID:
        """For the audit trail."""
        return self.order.organisation_id

    @property
    def is_open(self) -> bool:
        """Unfinished, and neither ended nor too old."""
        return self.status == states.UPLOAD_OPEN and timezone.now() < self.expires_at

    @property
    def percent(self) -> int:
        return 100 * self.offset // self.length


class UploadPart(models.Model):
    """What arrived of an upload in one piece, encrypted by itself: `size` bytes from `offset` on.

    An age stream cannot be continued by another request, so each request's bytes become a part of their own.
    `name` and `key_id` tell of its file at rest; the row goes with the file.
    """

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    offset = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200, unique=True)
    key_id = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="a_part_has_its_number"),
            models.UniqueConstraint(fields=["upload", "offset"], name="each_byte_arrives_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_part_is_not_empty"),
        ]
