"""Dated price lists."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.models import OrganisationKind


class PriceList(models.Model):
    """The prices in force from a day on, until the next list's day. In cents, without value-added tax."""

    valid_from = models.DateField(unique=True)
    base_cents = models.PositiveIntegerField()
    per_thousand_cents = models.PositiveIntegerField()
    free_kinds = ArrayField(models.CharField(max_length=20, choices=OrganisationKind.choices), default=list)

    class Meta:
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return self.valid_from.isoformat()
