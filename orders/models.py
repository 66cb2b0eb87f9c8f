"""Orders, their files, deliveries, prices, and the disclosure register."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import states
from permits.models import Permit, Terms
from portal.calendar import Window, delivery_window, local_day
from portal.models import Organisation, OrganisationKind
from portal.outbox import Turn


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


class Status(models.TextChoices):
    """The states of an order in words."""

    DRAFT = states.DRAFT, _("Draft")
    PLACED = states.PLACED, _("Placed")
    MATCHING = states.MATCHING, _("Being matched")
    READY = states.READY, _("Ready, waiting for release")
    RELEASED = states.RELEASED, _("Released, delivery being made")
    DELIVERED = states.DELIVERED, _("Delivered")
    PURGED = states.PURGED, _("Delivered and purged")
    CANCELLED = states.CANCELLED, _("Cancelled")
    REJECTED = states.REJECTED, _("Rejected")
    FAILED = states.FAILED, _("Stopped by a fault")


class StudentGroup(models.TextChoices):
    """Whose data a student register holds."""

    CURRENT = "current", _("Current students")
    FORMER = "former", _("Former students")
    BOTH = "both", _("Current and former students")


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(status__in=states.OPEN)

    def store_versions(self) -> list[str]:
        """The store versions by which orders that are under way are matched, oldest first."""
        needed = self.open().exclude(store_version="").order_by("store_version")
        return list(needed.values_list("store_version", flat=True).distinct())

    def due_for_release(self, today: date) -> "OrderQuerySet":
        """Ready orders whose delivery window is open, or every ready one where none waits for it."""
        ready = self.filter(status=states.READY)
        return ready if settings.DELIVERY_RELEASE == "when_ready" else ready.filter(window_opens__lte=today)


class Order(models.Model):
    """An order of an update (päivitystilaus). Its status changes only by `portal.states.move`.

    `judged_on`, `store_version` and `model_version` fix the day, the data and the weights of the match, so
    that it gives the same again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("orders_serial"), function="nextval")
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=states.DRAFT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="orders")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="orders")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    register_name = models.CharField(_("name of the register"), max_length=200, blank=True)
    register_description = models.TextField(_("description of the register"), max_length=2000, blank=True)
    students = models.CharField(_("whose data"), max_length=10, choices=StudentGroup.choices, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, related_name="+")
    terms_accepted_by = models.CharField(max_length=200, blank=True)
    placed_at = models.DateTimeField(null=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, null=True, related_name="+")
    price_cents = models.PositiveIntegerField(null=True)
    window_opens = models.DateField(null=True)
    window_closes = models.DateField(null=True)

    judged_on = models.DateField(null=True)
    store_version = models.CharField(max_length=60, blank=True)
    model_version = models.CharField(max_length=60, blank=True)
    matched_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    results = models.JSONField(default=dict)
    released_at = models.DateTimeField(null=True)
    release_reason = models.TextField(max_length=1000, blank=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=100, blank=True)

    WORKFLOW: ClassVar = states.ORDER
    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="orders_of_organisation"),
            models.Index(
                fields=["window_closes"], condition=Q(status__in=sorted(states.OPEN)), name="open_orders_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(states.ORDER.transitions)), name="order_status"
            ),
            models.CheckConstraint(
                condition=Q(placed_at__isnull=True, placed_by__isnull=True, price_cents__isnull=True)
                | Q(placed_at__isnull=False, placed_by__isnull=False, price_cents__isnull=False),
                name="placed_when_by_whom_at_what_price",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[states.DRAFT, states.CANCELLED]) | Q(placed_at__isnull=False),
                name="what_goes_on_was_placed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people use of the order."""
        return f"PP-{self.created_at.year}-{self.serial:06d}"

    @property
    def turn(self) -> Turn:
        """Organisations take turns with the workers, and in each its orders do."""
        return Turn(str(self.organisation_id), str(self.pk))

    @property
    def material(self) -> "Material | None":
        """The newest material sent for the order."""
        return self.materials.order_by("-received_at").first()

    @property
    def delivery(self) -> "Delivery | None":
        return self.deliveries.order_by("-made_at").first()

    @property
    def window(self) -> Window | None:
        if self.window_opens is None or self.window_closes is None:
            return None
        return Window(self.window_opens, self.window_closes)

    def window_if_placed(self, day: date) -> Window:
        """The delivery window that placing the order on the day would give."""
        return delivery_window(self.permit.decided_on, day)

    @property
    def days_left(self) -> int | None:
        """Calendar days until the delivery is late; negative once it is; None where no deadline runs."""
        if self.status not in states.OPEN or self.window is None:
            return None
        return self.window.days_left(local_day(timezone.now()))

    @property
    def is_late(self) -> bool:
        """Late now, or delivered late."""
        if self.window is None:
            return False
        if self.delivered_at is not None:
            return local_day(self.delivered_at) > self.window.closes
        return (self.days_left or 0) < 0


class OrderFile(models.Model):
    """A file of an order at rest: random name, the content's size and SHA-256, the key it is written for."""

    class Kind(models.TextChoices):
        MATERIAL = "material"
        PIECE = "piece"
        PIECE_LINKS = "piece_links"
        PIECE_CANDIDATES = "piece_candidates"
        LINKS = "links"
        CANDIDATES = "candidates"
        DELIVERY_CSV = "csv"
        DELIVERY_XLSX = "xlsx"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(purged_at__isnull=True), name="files_at_rest")
        ]


class MatchModel(models.Model):
    """A model by which orders were matched, so that each gives the same again: see `matching.model`."""

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


class Material(models.Model):
    """What a customer sent for an order (aineisto): received, then checked or refused with reasons."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Being checked")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Cannot be used")

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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received") | Q(checked_at__isnull=False),
                name="a_checked_material_has_its_time",
            )
        ]


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


class FieldSet(models.Model):
    """A set of fields, written once and named by number in each row of the disclosure register."""

    fields = ArrayField(models.CharField(max_length=40), unique=True)


class Disclosure(models.Model):
    """One row of the disclosure register (luovutusrekisteri): whose data went out, to whom, under what.

    The person is a keyed hash (HMAC-SHA256) of the identity code; the key is not in the database.
    Append-only: a trigger refuses UPDATE and DELETE. No foreign keys, so that it outlives what it tells of.
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
        constraints = [models.UniqueConstraint(fields=["delivery", "row"], name="a_row_is_disclosed_once")]

    @classmethod
    def columns(cls) -> list[str]:
        """The columns that a bulk COPY fills, in its order."""
        return [str(f.column) for f in cls._meta.concrete_fields if not f.primary_key]
