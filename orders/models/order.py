"""An order: what is wanted, under what permit, and how it stands."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import states
from orders.models.pricing import PriceList
from permits.models import Permit, SubjectKind, Terms
from portal.calendar import WINDOW_OPENS_ON_DAY, Window, delivery_window, local_day
from portal.models import Organisation
from portal.outbox import Turn

if TYPE_CHECKING:
    from orders.models.delivery import Delivery
    from orders.models.files import Material
    from orders.models.hold import LegalHold
    from orders.models.uploads import Upload


class Status(models.TextChoices):
    """The states of an order in words."""

    DRAFT = states.DRAFT, _("Draft")
    PLACED = states.PLACED, _("Placed")
    MATCHING = states.MATCHING, _("Being matched")
    CLEARING = states.CLEARING, _("Doubtful rows being gone through")
    READY = states.READY, _("Ready, waiting for release")
    RELEASED = states.RELEASED, _("Released, delivery being made")
    DELIVERED = states.DELIVERED, _("Delivered")
    PURGED = states.PURGED, _("Delivered and purged")
    CANCELLED = states.CANCELLED, _("Cancelled")
    REJECTED = states.REJECTED, _("Rejected")
    FAILED = states.FAILED, _("Stopped by a fault")


class Format(models.TextChoices):
    """The forms in which a delivery can be made."""

    CSV = "csv", _("Text with a delimiter (CSV)")
    XLSX = "xlsx", _("Excel workbook (XLSX)")
    PARQUET = "parquet", _("Parquet, for programs that handle large tables")
    FIXED = "fixed", _("Fixed width, each piece of data at its own place of the line")
    CHANGES = "changes", _("Change list: only what differs from your register, before and after")


def usual_formats() -> list[str]:
    return [Format.CSV.value, Format.XLSX.value]


class StudentGroup(models.TextChoices):
    """Whose data a student register holds."""

    CURRENT = "current", _("Current students")
    FORMER = "former", _("Former students")
    BOTH = "both", _("Current and former students")


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(status__in=states.OPEN)

    def store_versions(self) -> list[str]:
        """The store versions by which orders that are under way are matched, oldest first.

        Those too whose delivery may still be made anew, for their links are of that version.
        """
        again = Q(status=states.DELIVERED, files__kind="links", files__purged_at=None)
        needed = self.filter(Q(status__in=states.OPEN) | again).exclude(store_version="")
        needed = needed.order_by("store_version")
        return list(needed.values_list("store_version", flat=True).distinct())

    def due_for_release(self, today: date) -> "OrderQuerySet":
        """Ready orders whose delivery window is open, or every ready one where none waits for it."""
        ready = self.filter(status=states.READY)
        return ready if settings.DELIVERY_RELEASE == "when_ready" else ready.filter(window_opens__lte=today)


class Order(models.Model):
    """An order of an update (päivitystilaus). Its status changes only by `portal.states.move`.

    `judged_on`, `store_version` and `model_version` fix the day, the data and the weights of the match, so
    that it gives the same again; only persons are matched by a model. `wanted_on` is the customer's wish
    alone: the delivery window rules. `repeats` is the order that this one was begun from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("orders_serial"), function="nextval")
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=states.DRAFT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="orders")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="orders")
    subject = models.CharField(
        _("what the register is about"),
        max_length=12,
        choices=SubjectKind.choices,
        default=SubjectKind.PERSON,
    )
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    register_name = models.CharField(_("name of the register"), max_length=200, blank=True)
    register_description = models.TextField(_("description of the register"), max_length=2000, blank=True)
    students = models.CharField(_("whose data"), max_length=10, choices=StudentGroup.choices, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    formats = ArrayField(models.CharField(max_length=10, choices=Format.choices), default=usual_formats)
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)

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
            models.CheckConstraint(condition=Q(subject__in=SubjectKind.values), name="order_subject"),
            models.CheckConstraint(
                condition=Q(formats__contained_by=Format.values) & ~Q(formats=[]), name="order_formats"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number that people use of the order."""
        return f"PP-{self.created_at.year}-{self.serial:06d}"

    @property
    def covered_fields(self) -> list[str]:
        """The fields of the order's subject that its permit covers."""
        return self.permit.fields_of(self.subject)

    @property
    def lost_fields(self) -> list[str]:
        """What was ordered and the permit, in the version under which the order stands, does not cover."""
        return [name for name in self.fields if name not in self.covered_fields]

    @property
    def turn(self) -> Turn:
        """Organisations take turns with the workers, and in each its orders do."""
        return Turn(str(self.organisation_id), str(self.pk))

    @property
    def material(self) -> "Material | None":
        """The newest material sent for the order."""
        return self.materials.order_by("-received_at").first()

    @property
    def arriving(self) -> "Upload | None":
        """The upload that has arrived last, while a worker puts it together."""
        return self.uploads.filter(status=states.UPLOAD_RECEIVED).order_by("-received_at").first()

    @property
    def mapping(self) -> dict[str, Any]:
        """How the register that was checked last is read, as the matching takes it; empty: as detected."""
        checked = self.materials.filter(state="checked").order_by("-received_at").first()
        return checked.mapping if checked else {}

    @property
    def delivery(self) -> "Delivery | None":
        return self.deliveries.order_by("-made_at").first()

    @property
    def open_hold(self) -> "LegalHold | None":
        """The legal hold that keeps the order's files from being purged."""
        return self.holds.filter(lifted_at=None).first()

    @property
    def window(self) -> Window | None:
        if self.window_opens is None or self.window_closes is None:
            return None
        return Window(self.window_opens, self.window_closes)

    def window_if_placed(self, day: date) -> Window:
        """The delivery window that placing the order on the day would give."""
        return delivery_window(self.permit.decided_on, day)

    @property
    def clearing_ends(self) -> date | None:
        """The day on which the clearing ends by itself, CLEARING_LAST_DAY of the window's days; not after it.

        The window's clock runs on while officials decide.
        """
        if self.window is None:
            return None
        day = self.window.opens + timedelta(days=settings.CLEARING_LAST_DAY - WINDOW_OPENS_ON_DAY)
        return min(day, self.window.closes)

    @property
    def clearing_last_day(self) -> date | None:
        """The last day on which officials can decide doubtful rows."""
        return self.clearing_ends and self.clearing_ends - timedelta(days=1)

    def completable_rows(self) -> Any:
        """The doubtful rows that the customer may complete, as far as the order's permit lets it."""
        rows = self.doubtful_rows.filter(stage="open", own__isnull=False)
        done = self.completions.values("row")
        return rows.exclude(row__in=done) if self.permit.customer_completes else rows.none()

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
