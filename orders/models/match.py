"""The match of an order: by which model, and the pieces of a large one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.files import OrderFile
from orders.models.order import Order


class MatchModel(models.Model):
    """A model by which orders were matched, so that each gives the same again: see `weighing.model`."""

    version = models.CharField(max_length=60, primary_key=True)
    content = models.JSONField()
    first_used_at = models.DateTimeField(default=timezone.now)


class Chunk(models.Model):
    """A piece of a large order's register, linked by a job of its own; done once it has its links.

    It lives while the order is being matched. `file` holds its rows, which begin at `first_row` of the
    register (from 0); `candidates` are those of its doubtful rows, if there are any; `report` is what the
    linking told.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    file = models.OneToOneField(OrderFile, on_delete=models.PROTECT, related_name="+")
    links = models.OneToOneField(OrderFile, on_delete=models.PROTECT, null=True, related_name="+")
    candidates = models.OneToOneField(OrderFile, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="a_chunk_is_cut_once"),
            models.CheckConstraint(
                condition=Q(links__isnull=True, report={}) | Q(links__isnull=False) & ~Q(report={}),
                name="a_linked_chunk_has_its_report",
            ),
        ]
