"""The disclosure register: whose data went out, to whom, under what."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

OWNERS_NAME = "owners.name"
"""What goes out of an owner under a non-disclosure order: the name, without the rest of `owners`."""


class FieldSet(models.Model):
    """A set of fields, written once and named by number in each row of the disclosure register."""

    fields = ArrayField(models.CharField(max_length=40), unique=True)


class Disclosure(models.Model):
    """One row of the disclosure register (luovutusrekisteri): whose data went out, to whom, under what.

    A building's row of a delivery tells of each of its owners; so it has a row here for each of them.
    The person is a keyed hash (HMAC-SHA256) of the identity code; the key is not in the database.
    Append-only: a trigger refuses UPDATE and DELETE. No foreign keys, so that it outlives what it tells of.
    Partitioned by the month of `at` (`orders.disclosures.months`), so that every key of PostgreSQL's own
    holds `at` too; `id` alone is unique by its sequence.
    """

    at = models.DateTimeField()
    person = models.BinaryField(max_length=32)
    field_set = models.IntegerField()
    row = models.PositiveIntegerField()
    delivery = models.UUIDField()
    order = models.UUIDField()
    permit = models.UUIDField()
    organisation = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="disclosures_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "row", "person", "at"], name="a_person_is_disclosed_once_in_a_row"
            )
        ]

    @classmethod
    def columns(cls) -> list[str]:
        """The columns that a bulk COPY fills, in its order."""
        return [str(f.column) for f in cls._meta.concrete_fields if not f.primary_key]


class DroppedMonth(models.Model):
    """A month of the disclosure register that was dropped when its time was over: the receipt of it."""

    month = models.DateField(unique=True)
    rows = models.PositiveBigIntegerField()
    dropped_at = models.DateTimeField(default=timezone.now)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
