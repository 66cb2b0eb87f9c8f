"""Dated price lists."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.models import OrganisationKind


class PriceList(models.Model):
    """The prices in force from a day on, until the next list's day. In cents, without value-added tax.

    A list by which an order was priced never changes (a trigger holds it). `added_by` is empty for the lists
    that came with the software.
    """

    valid_from = models.DateField(unique=True)
    base_cents = models.PositiveIntegerField()
    per_thousand_cents = models.PositiveIntegerField()
    free_kinds = ArrayField(models.CharField(max_length=20, choices=OrganisationKind.choices), default=list)
    added_at = models.DateTimeField(null=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(added_at__isnull=True, added_by__isnull=True)
                | Q(added_at__isnull=False, added_by__isnull=False),
                name="added_when_by_whom",
            )
        ]

    def __str__(self) -> str:
        return self.valid_from.isoformat()
