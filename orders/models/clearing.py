"""Doubtful rows of an order (selvitettävät rivit): what officials decide, and what customers complete."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.files import OrderFile
from orders.models.order import Order


class Decided(models.TextChoices):
    """What an official may say of a doubtful row."""

    MATCH = "match", _("One of the candidates")
    NO_MATCH = "no_match", _("None of the candidates")


WITH_PLACE = Q(decision=Decided.MATCH, place__isnull=False) | Q(place__isnull=True) & ~Q(
    decision=Decided.MATCH
)


class DoubtfulRow(models.Model):
    """A row that fits more than one person, or one badly: it waits for officials until it is settled.

    Row, sheet and position tell where its data are; there are none here. `group` is the pattern of the best
    candidate's levels with the number of rivals, so that alike cases can be decided together. `fingerprint`
    is a keyed hash of the row's data and its candidates: a decision outlives a new match only while it is
    the same. `in_sample`: drawn to be looked at before the rest of its group is decided as it was. `own` is
    the sheet of what its customer sent and no more, with the same position; a row without is not offered.
    """

    class Stage(models.TextChoices):
        OPEN = "open", _("Not decided")
        SECOND = "second", _("Waits for a second opinion")
        THIRD = "third", _("Waits for a third opinion")
        LINKING = "linking", _("Completed by the customer, being matched again")
        FOUND = "found", _("Found by what the customer completed")
        SETTLED = "settled", _("Decided")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="doubtful_rows")
    row = models.PositiveIntegerField()
    sheet = models.ForeignKey(OrderFile, on_delete=models.PROTECT, related_name="+")
    own = models.ForeignKey(OrderFile, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField()
    group = models.CharField(max_length=200)
    candidates = models.PositiveSmallIntegerField()
    fingerprint = models.BinaryField(max_length=32)
    in_sample = models.BooleanField(default=False)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.OPEN)
    decision = models.CharField(max_length=10, choices=Decided.choices, blank=True)
    place = models.PositiveSmallIntegerField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["row"]
        indexes = [models.Index(fields=["order", "stage", "group", "row"], name="doubtful_rows_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["order", "row"], name="a_row_is_doubtful_once"),
            models.CheckConstraint(
                condition=Q(stage="settled", decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decision="")
                | ~Q(stage="settled") & Q(decision="", decided_by__isnull=True, decided_at__isnull=True),
                name="a_settled_row_has_what_when_by_whom",
            ),
            models.CheckConstraint(condition=WITH_PLACE, name="a_settled_match_has_its_place"),
        ]


class Opinion(models.Model):
    """What one official said of a doubtful row: the first, the second (given blindly) or the third."""

    class Method(models.TextChoices):
        ROW = "row"
        GROUP = "group"

    row = models.ForeignKey(DoubtfulRow, on_delete=models.CASCADE, related_name="opinions")
    number = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=Decided.choices)
    place = models.PositiveSmallIntegerField(null=True)
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.ROW)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["row", "number"], name="an_opinion_of_each_number"),
            models.UniqueConstraint(fields=["row", "by"], name="an_opinion_of_each_official"),
            models.CheckConstraint(condition=Q(number__in=[1, 2, 3]), name="three_opinions_at_most"),
            models.CheckConstraint(condition=WITH_PLACE, name="a_match_has_its_place"),
        ]

    @property
    def choice(self) -> tuple[str, int | None]:
        """What was chosen, to be compared with another's choice."""
        return self.decision, self.place


class Completion(models.Model):
    """What the customer said of a doubtful row, once: other data for it, or that it knows no more.

    There are no data here: `file` holds what was typed, for workers alone, and `sheet` the same for the
    officials who decide. `result` is what the completed data gave; blank until they are matched.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="completions")
    row = models.PositiveIntegerField()
    file = models.ForeignKey(OrderFile, on_delete=models.PROTECT, null=True, related_name="completions")
    sheet = models.ForeignKey(OrderFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=20, blank=True)
    linked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["order", "row"], name="a_row_is_completed_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, sheet__isnull=True, result="", linked_at__isnull=True)
                | Q(file__isnull=False, sheet__isnull=False),
                name="what_is_completed_has_its_files",
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(linked_at__isnull=False), name="a_result_has_its_time"
            ),
        ]

    @property
    def knows_more(self) -> bool:
        return self.file_id is not None
