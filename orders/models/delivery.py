"""What was given out for an order."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from orders.models.files import OrderFile
from orders.models.order import Order
from permits.models import Permit


class Delivery(models.Model):
    """What was given out for an order, under which permit version and judged on which day and data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=40))
    made_at = models.DateTimeField(default=timezone.now)
    protection_version = models.CharField(max_length=60)
    protection_on = models.DateField()
    rows = models.PositiveIntegerField()
    results = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    expires_on = models.DateField()
    purged_at = models.DateTimeField(null=True)
    files: models.ManyToManyField = models.ManyToManyField(OrderFile, related_name="deliveries")

    class Meta:
        verbose_name_plural = "deliveries"

    @property
    def changed_by_count(self) -> list[tuple[str, int]]:
        return sorted(self.changed.items(), key=lambda item: (-item[1], item[0]))
