"""How an organisation's files are read, kept for its next ones."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.models import Organisation


class SavedMapping(models.Model):
    """A mapping that has worked, for files of the same shape (the same headers: see `register.preview`).

    It holds the customer's own headers and how they are read, never a cell.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="saved_mappings")
    name = models.CharField(max_length=100)
    shape = models.CharField(max_length=64)
    mapping = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["organisation", "shape", "-saved_at"], name="mappings_of_a_shape")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_saved_mapping_has_its_own_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_saved_mapping_is_named"),
        ]

    def __str__(self) -> str:
        return self.name
