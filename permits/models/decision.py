"""Proposals, decisions, the documents made of them, and standing permits in preparation."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from permits.models.application import Application, Submission
from permits.models.permit import Permit, RegisterKind, Terms, in_language
from portal.models import OrganisationKind
from portal.papers import StoredPaper


class Outcome(models.TextChoices):
    APPROVE = "approve", _("Grant the permit as applied for")
    APPROVE_IN_PART = "approve_in_part", _("Grant the permit in part")
    REJECT = "reject", _("Reject the application")


class Content(models.Model):
    """What is proposed and decided: the outcome, its reasons, and what the permit will hold.

    `scopes`: subject to the names of the fields that are granted. Texts are in the application's language.
    """

    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    reasons = models.TextField(max_length=20_000)
    scopes = models.JSONField(default=dict, blank=True)
    entitled_to_protected = models.BooleanField(default=False)
    customer_completes = models.BooleanField(default=False)
    conditions = models.TextField(max_length=20_000, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def grants(self) -> bool:
        return self.outcome != Outcome.REJECT

    @property
    def is_in_part(self) -> bool:
        return self.outcome == Outcome.APPROVE_IN_PART


class Proposal(Content):
    """What the preparer proposes (esitys). It stands until it is decided, returned or the case ends."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    return_reason = models.TextField(max_length=8000, blank=True)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="one_open_proposal"
            )
        ]


class Decision(Content):
    """The registry's decision (päätös), made by another person than its preparer. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(prepared_by=F("decided_by")), name="decider_is_not_the_preparer"
            ),
            models.CheckConstraint(
                condition=Q(outcome="reject") ^ Q(valid_from__isnull=False), name="a_grant_has_its_first_day"
            ),
        ]

    @property
    def number(self) -> str:
        return self.application.number.replace("TLH", "TLP")


class Document(StoredPaper):
    """A document of a case as tagged PDF (asiakirja): stored, and known by the hash of its content."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("Application")
        DECISION = "decision", _("Decision")
        PERMIT = "permit", _("Permit")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="documents")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="documents")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, null=True, related_name="documents")
    number = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "submission", "decision", "permit", "language"],
                nulls_distinct=False,
                name="one_document_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="application", submission__isnull=False)
                | Q(kind="decision", decision__isnull=False)
                | Q(kind="permit", permit__isnull=False),
                name="a_document_is_of_something",
            ),
        ]


class StandingPermitDraft(models.Model):
    """A standing permit in preparation: one official prepares it, another decides it.

    `replaces`: the version that it will follow under the same number; texts are by language code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30)
    replaces = models.ForeignKey(Permit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation_kinds = ArrayField(models.CharField(max_length=20, choices=OrganisationKind.choices))
    register_kind = models.CharField(max_length=20, choices=RegisterKind.choices, blank=True)
    scopes = models.JSONField()
    entitled_to_protected = models.BooleanField(default=False)
    customer_completes = models.BooleanField(default=False)
    purposes = models.JSONField()
    legal_bases = models.JSONField()
    conditions = models.JSONField(default=dict)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    permit = models.OneToOneField(Permit, on_delete=models.PROTECT, null=True, related_name="prepared_as")
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(prepared_by=F("decided_by")),
                name="standing_decider_is_not_the_preparer",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, permit__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, permit__isnull=False),
                name="standing_decided_by_whom_and_when",
            ),
        ]

    @property
    def purpose(self) -> str:
        return in_language(self.purposes)
