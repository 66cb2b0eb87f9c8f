"""Applications (tietolupahakemus): what is being written, what was submitted, attachments and readers."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from permits import review, states
from permits.models.permit import Permit, Terms
from portal.calendar import local_day
from portal.models import Organisation


class ApplicationStatus(models.TextChoices):
    """The states of an application in words."""

    DRAFT = states.DRAFT, _("Draft")
    SUBMITTED = states.SUBMITTED, _("Submitted")
    IN_REVIEW = states.IN_REVIEW, _("Being reviewed")
    INFO_REQUESTED = states.INFO_REQUESTED, _("More information requested")
    PROPOSED = states.PROPOSED, _("Proposed for decision")
    APPROVED = states.APPROVED, _("Approved")
    REJECTED = states.REJECTED, _("Rejected")
    WITHDRAWN = states.WITHDRAWN, _("Withdrawn")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def with_outcome(self) -> "ApplicationQuerySet":
        """For lists: what `status_words` reads comes with the rows."""
        unread = ("reasons", "conditions", "scopes")
        return self.select_related("decision").defer(*(f"decision__{name}" for name in unread))

    def open(self) -> "ApplicationQuerySet":
        return self.filter(status__in=states.OPEN)


class Application(models.Model):
    """One application for a data permit. Its status changes only by `portal.states.move`.

    `answers`: question to answer, as they stand; `saved`: section to {"n", "by", "at", "told"}, how often, by
    whom and when it was saved last, and the last save in the audit trail. `due_on` is derived by
    `permits.review` and stored on change, for the lists. `changed_at` moves with every act of an official, so
    that a page shown before it can be told.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New permit")
        AMENDMENT = "amendment", _("Change of a permit")
        RENEWAL = "renewal", _("Renewal of a permit")

    class Language(models.TextChoices):
        FI = "fi", "suomi"
        SV = "sv", "svenska"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("permits_serial"), function="nextval")
    )
    status = models.CharField(max_length=14, choices=ApplicationStatus.choices, default=states.DRAFT)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NEW)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    amends = models.ForeignKey(
        Permit, on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by"
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.FI)
    answers = models.JSONField(default=dict)
    saved = models.JSONField(default=dict)
    received_on = models.DateField(null=True)  # the day on which it came on paper

    submitted_at = models.DateTimeField(null=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="handled_applications"
    )
    taken_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    WORKFLOW: ClassVar = states.APPLICATION
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-serial"]
        indexes = [
            models.Index(fields=["organisation", "-serial"], name="applications_of_organisation"),
            models.Index(fields=["status", "-serial"], name="applications_by_status"),
            models.Index(
                fields=["due_on", "serial"],
                condition=Q(status__in=sorted(states.OPEN)),
                name="open_by_due_day",
            ),
            models.Index(
                fields=["handler", "due_on", "serial"],
                condition=Q(status__in=sorted(states.OPEN)),
                name="open_by_handler",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(states.APPLICATION.transitions)), name="application_status"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[states.DRAFT, states.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="what_is_reviewed_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(kind="new", amends__isnull=True) | (~Q(kind="new") & Q(amends__isnull=False)),
                name="a_change_names_its_permit",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[states.APPROVED, states.REJECTED]) ^ Q(decided_at__isnull=True),
                name="decided_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True, taken_at__isnull=True)
                | Q(handler__isnull=False, taken_at__isnull=False),
                name="taken_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The case number (asian tunnus)."""
        return f"TLH-{self.created_at.year}-{self.serial:06d}"

    @property
    def status_words(self) -> str:
        """How it stands (tila), in words; a permit for less than was applied for says so."""
        decision = getattr(self, "decision", None) if self.status == states.APPROVED else None
        if decision is not None and decision.is_in_part:
            return str(_("Approved in part"))
        return self.get_status_display()

    @property
    def is_on_paper(self) -> bool:
        return self.received_on is not None

    @property
    def is_open(self) -> bool:
        return self.status in states.OPEN

    @property
    def starts_on(self) -> date | None:
        """The day from which the two weeks are counted: of the submission, or of the paper's arrival."""
        if self.received_on is not None:
            return self.received_on
        return local_day(self.submitted_at) if self.submitted_at else None

    @property
    def stops(self) -> list[review.Stop]:
        """The times for which the clock stood still."""
        return [
            review.Stop(local_day(one.asked_at), local_day(one.ended_at) if one.ended_at else None)
            for one in self.information_requests.all()
        ]

    @property
    def latest(self) -> "Submission | None":
        """The newest submission."""
        return self.submissions.order_by("-number").first()


class Submission(models.Model):
    """What was submitted, as it stood then (jätetty hakemus). Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    committed_by = models.CharField(max_length=200)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    attachments = models.JSONField(default=list, help_text="the ids of the attachments that belong to it")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_submission_a_number")
        ]


class ApplicationShare(models.Model):
    """The right of one person, outside the organisation perhaps, to read one application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="shares")
    email = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="shared_applications"
    )
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"], condition=Q(ended_at__isnull=True), name="shared_once"
            )
        ]


class Attachment(models.Model):
    """A file that belongs to an application (liite): being checked, usable, or refused with the reason.

    It arrives encrypted for the workers; the one that checks it writes it anew for the delivery key, so that
    the web can show it.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Being checked")
        READY = "ready", _("Checked")
        REFUSED = "refused", _("Cannot be used")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    given_name = models.CharField(max_length=200)
    description = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at"]
