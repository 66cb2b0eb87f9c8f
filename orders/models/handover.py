"""What happens with a delivery once it is there: duties, downloads, reminders, and the delivery made anew."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.delivery import Delivery
from orders.models.files import OrderFile
from orders.models.order import Order


class DutyAcknowledgement(models.Model):
    """Who has acknowledged the duties that go with a delivery that holds protected persons, by name."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "user"], name="duties_are_acknowledged_once_each"),
            models.CheckConstraint(condition=~Q(name=""), name="duties_are_acknowledged_by_name"),
        ]


class DownloadReceipt(models.Model):
    """One download of a delivery's file (latauskuitti): who, when, and which bytes were asked for and sent.

    `sent` and `ended_at` are written when the stream ends; where the line broke, `sent` tells how far it got.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="downloads")
    file = models.ForeignKey(OrderFile, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    first_byte = models.PositiveBigIntegerField()
    last_byte = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    sent = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["delivery", "-at"], name="downloads_of_delivery")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_byte__gte=F("first_byte"), last_byte__lt=F("size")) | Q(size=0, last_byte=0),
                name="a_download_is_within_its_file",
            ),
        ]

    @property
    def is_whole(self) -> bool:
        """The whole file, from its first byte to its last, was sent."""
        return self.ended_at is not None and self.first_byte == 0 and self.sent == self.size

    @property
    def is_complete(self) -> bool:
        """All that was asked for was sent."""
        return self.ended_at is not None and self.sent == min(self.size, self.last_byte - self.first_byte + 1)


class DeliveryReminder(models.Model):
    """A reminder that was sent, so many days before a delivery that nobody had fetched expires."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="reminders")
    days_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "days_before"], name="a_reminder_is_sent_once")
        ]


class ReissueCause(models.TextChoices):
    """Why a delivery is made anew."""

    DAMAGED = "damaged", _("A file is damaged or cannot be opened")
    PROTECTION = "protection", _("Somebody in the delivery may have got a non-disclosure order")
    KEY = "key", _("The organisation’s own key has changed or is lost")
    OTHER = "other", _("Another reason")


class Reissue(models.Model):
    """A request that a delivery be made anew (uudelleentoimitus), and the delivery that came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reissues")
    cause = models.CharField(max_length=12, choices=ReissueCause.choices)
    reason = models.TextField(max_length=1000)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_official = models.BooleanField()
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, null=True, related_name="reissue")
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failed_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="one_open_reissue_an_order",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, delivery__isnull=True)
                | Q(done_at__isnull=False, delivery__isnull=False),
                name="a_reissue_is_done_with_a_delivery",
            ),
            models.CheckConstraint(
                condition=Q(failed_at__isnull=True, failed_reason="")
                | Q(failed_at__isnull=False, done_at__isnull=True) & ~Q(failed_reason=""),
                name="a_reissue_fails_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_reissue_has_its_reason"),
        ]

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.failed_at is None
