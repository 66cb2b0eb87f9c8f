"""What was given out for an order."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from orders.models.files import OrderFile
from orders.models.keys import OrganisationKey
from orders.models.order import Order
from permits.models import Permit


class Delivery(models.Model):
    """What was given out for an order, under which permit version and judged on which day and data.

    `number` counts an order's deliveries: one that is made anew is the next, and the one before is purged.
    `protected_rows`: rows with data of a person under a turvakielto, which an entitled permit alone gets.
    `refused`: forms that have no room for the register, with the problem's code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=40))
    number = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    protection_version = models.CharField(max_length=60)
    protection_on = models.DateField()
    rows = models.PositiveIntegerField()
    results = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    protected_rows = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)
    expires_on = models.DateField()
    purged_at = models.DateTimeField(null=True)
    files: models.ManyToManyField = models.ManyToManyField(OrderFile, related_name="deliveries")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="an_orders_deliveries_are_numbered")
        ]

    @property
    def needs_acknowledgement(self) -> bool:
        """True where the duties that go with protected persons' data must be acknowledged first."""
        return self.permit.entitled_to_protected and self.protected_rows > 0

    @property
    def own_key(self) -> "OrganisationKey | None":
        """The organisation's own key for which the files were made; None where the portal's own was used."""
        file = self.files.exclude(own_key=None).select_related("own_key").first()
        return file.own_key if file else None

    @property
    def changed_by_count(self) -> list[tuple[str, int]]:
        return sorted(self.changed.items(), key=lambda item: (-item[1], item[0]))
