"""Files of an order at rest, and what a customer sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.keys import OrganisationKey
from orders.models.mapping import SavedMapping
from orders.models.order import Order


class OrderFile(models.Model):
    """A file of an order at rest: random name, the content's size and SHA-256, the key it is written for.

    `purge_rule` is the rule of `orders.retention` by which it was purged, or will be when a legal hold ends.
    `own_key` is the customer's, where the file is for that alone.
    """

    class Kind(models.TextChoices):
        MATERIAL = "material"
        PIECE = "piece"
        PIECE_LINKS = "piece_links"
        PIECE_CANDIDATES = "piece_candidates"
        LINKS = "links"
        CANDIDATES = "candidates"
        SAMPLE = "sample"
        CHECK_REPORT = "check_report"
        CLEARING_SHEET = "sheet"
        OWN_SHEET = "own_sheet"
        COMPLETION = "completion"
        COMPLETION_SHEET = "completion_sheet"
        DELIVERY_CSV = "csv"
        DELIVERY_XLSX = "xlsx"
        DELIVERY_PARQUET = "parquet"
        DELIVERY_FIXED = "fixed"
        DELIVERY_LAYOUT = "layout"
        DELIVERY_CHANGES = "changes"
        RESULT_REPORT = "report"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    own_key = models.ForeignKey(OrganisationKey, on_delete=models.PROTECT, null=True, related_name="files")
    created_at = models.DateTimeField(default=timezone.now)
    purged_at = models.DateTimeField(null=True)
    purge_rule = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(purged_at__isnull=True), name="files_at_rest")
        ]


class Material(models.Model):
    """What a customer sent for an order (aineisto): received, then checked or refused with reasons.

    `mapping` is how it is read, and `origin` who says so: nothing, as detected, or the JSON of
    docs/contract.md. `sample` holds its first rows, for its customer alone, and `findings` all that the
    check found, without a cell. Under the name `save_as` the mapping is saved once it has worked.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Being checked")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Cannot be used")

    class Origin(models.TextChoices):
        DETECTED = "detected"
        CUSTOMER = "customer"
        SAVED = "saved"
        REPEATED = "repeated"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="materials")
    file = models.OneToOneField(OrderFile, on_delete=models.PROTECT, related_name="material")
    given_name = models.CharField(max_length=200, blank=True)
    is_form = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    report = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    mapping = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.DETECTED)
    mapped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    saved_mapping = models.ForeignKey(SavedMapping, on_delete=models.SET_NULL, null=True, related_name="+")
    save_as = models.CharField(max_length=100, blank=True)
    shape = models.CharField(max_length=64, blank=True)
    sample = models.OneToOneField(OrderFile, on_delete=models.PROTECT, null=True, related_name="+")
    findings = models.OneToOneField(OrderFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="customer", mapped_by__isnull=False)
                | ~Q(origin="customer") & Q(mapped_by__isnull=True, save_as=""),
                name="a_customers_mapping_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(state="received") | Q(checked_at__isnull=False),
                name="a_checked_material_has_its_time",
            ),
        ]
