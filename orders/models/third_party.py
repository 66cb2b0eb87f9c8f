"""Permissions to give data of a delivery to a third party, asked for and decided case by case."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders import oversight_states as states
from orders.models.delivery import Delivery
from orders.models.order import Order
from permits.models import Permit
from portal.models import validate_business_id
from portal.papers import StoredPaper


class ThirdPartyStatus(models.TextChoices):
    """The states of a permission in words."""

    ASKED = states.ASKED, _("Waits for a decision")
    GRANTED = states.GRANTED, pgettext_lazy("permission for a third party", "Granted")
    REFUSED = states.REFUSED, _("Refused")
    WITHDRAWN = states.WITHDRAWN, _("Withdrawn")
    VOID = states.VOID, _("No longer in force")


class ThirdPartyPermission(models.Model):
    """A permission to give data of one delivery to one recipient (lupa luovuttaa edelleen kolmannelle).

    Tied to the order and its permit: void when the permit ends or is revoked, and after its own last day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=ThirdPartyStatus.choices, default=states.ASKED)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="third_parties")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=200)
    business_id = models.CharField(max_length=9, validators=[validate_business_id])
    recipient_email = models.EmailField()
    fields = ArrayField(models.CharField(max_length=40))
    purpose = models.TextField(max_length=2000)
    legal_ground = models.TextField(max_length=1000)
    protection = models.TextField(max_length=2000)
    valid_to = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reasons = models.TextField(max_length=4000, blank=True)
    conditions = models.TextField(max_length=4000, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=20, blank=True)

    WORKFLOW: ClassVar = states.THIRD_PARTY

    class Meta:
        verbose_name = _("permission for a third party")
        ordering = ["asked_at"]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(status=states.ASKED), name="third_parties_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "serial"], name="a_permission_has_its_number"),
            models.CheckConstraint(
                condition=Q(status__in=list(states.THIRD_PARTY.transitions)), name="third_party_status"
            ),
            models.CheckConstraint(condition=~Q(fields=[]), name="a_permission_names_its_fields"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, reasons="", conditions="")
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="third_party_decided_when_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[states.GRANTED, states.REFUSED]) | Q(decided_at__isnull=False),
                name="what_is_granted_or_refused_was_decided",
            ),
            models.CheckConstraint(
                condition=~Q(status=states.REFUSED) | ~Q(reasons=""), name="a_refusal_has_its_reasons"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_reason="")
                | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
                name="third_party_ended_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people use: the order's, and which permission of the order it is."""
        return f"{self.order.number}-L{self.serial}"

    def days_waiting(self, today: date) -> int:
        """Whole days since it was asked for."""
        return (today - timezone.localtime(self.asked_at).date()).days


class ThirdPartyDecision(StoredPaper):
    """The decision on a permission as tagged PDF: what the holder shows to the recipient."""

    permission = models.OneToOneField(ThirdPartyPermission, on_delete=models.PROTECT, related_name="decision")
