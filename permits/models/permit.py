"""Permits (tietolupa), the terms that their holders accept, and what happened to each permit."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from permits import states
from portal.models import Organisation, OrganisationKind


class SubjectKind(models.TextChoices):
    """What a register is about."""

    PERSON = "person", _("Persons")
    BUILDING = "building", _("Buildings")
    REAL_ESTATE = "real_estate", _("Real estate")


class RegisterKind(models.TextChoices):
    """Which registers a permit covers, where it covers only some."""

    STUDENTS = "students", _("Register of current or former students")


class PermitStatus(models.TextChoices):
    """The states of a permit in words."""

    IN_FORCE = states.IN_FORCE, _("In force")
    SUSPENDED = states.SUSPENDED, _("Suspended")
    REVOKED = states.REVOKED, _("Revoked")
    EXPIRED = states.EXPIRED, _("Expired")
    REPLACED = states.REPLACED, _("Replaced by a newer version")


def in_language(texts: dict[str, str]) -> str:
    """The text in the reader's language, else in Finnish, else in whichever language it was written."""
    return texts.get((get_language() or "fi")[:2]) or texts.get("fi") or next(iter(texts.values()), "")


def language_of(texts: dict[str, str]) -> str:
    """The language in which `in_language` gives the text; empty where there is none."""
    wanted = (get_language() or "fi")[:2]
    return wanted if texts.get(wanted) else "fi" if texts.get("fi") else next(iter(texts), "")


class Terms(models.Model):
    """One version of the terms of a permit; never changed, only followed by another."""

    version = models.CharField(max_length=20, unique=True)
    published_on = models.DateField()
    texts = models.JSONField(help_text="language code to text, paragraphs apart by an empty line")

    class Meta:
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return self.version

    @property
    def text(self) -> str:
        return in_language(self.texts)


class PermitQuerySet(models.QuerySet["Permit"]):
    def in_force(self, on: date) -> "PermitQuerySet":
        """Granted, neither suspended, revoked nor replaced, and valid on the day."""
        return self.filter(status=states.IN_FORCE, valid_from__lte=on).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def held_by(self, organisation: Organisation) -> "PermitQuerySet":
        """The organisation's own permits and the standing ones of its class."""
        return self.filter(Q(organisation=organisation) | Q(organisation_kinds__contains=[organisation.kind]))

    def covering(self, subject: str) -> "PermitQuerySet":
        """The permits that cover data of the subject (person, building, real_estate)."""
        return self.filter(scopes__has_key=subject)

    def latest_versions(self, on: date) -> "PermitQuerySet":
        """Without the versions after which a newer one has come into force by the day."""
        newer = Permit.objects.in_force(on).filter(number=OuterRef("number"), version__gt=OuterRef("version"))
        return self.exclude(status=states.REPLACED).exclude(Exists(newer))

    def over_on(self, day: date) -> "PermitQuerySet":
        """Permits whose last day lies before `day` and which are not yet marked as expired."""
        return self.filter(status__in=[states.IN_FORCE, states.SUSPENDED], valid_to__lt=day)


class Permit(models.Model):
    """One immutable version of a data permit; only its status changes, by `states.move` (a trigger holds it).

    A standing permit (toistaiseksi voimassa oleva lupa) names classes of organisations instead of a holder.
    `scopes`: subject to the names of its fields in the catalogue; `entitled_to_protected` opens data under a
    turvakielto; `customer_completes` lets the customer complete doubtful rows; texts are by language code, as
    many as there are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=PermitStatus.choices, default=states.IN_FORCE)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="permits"
    )
    organisation_kinds = ArrayField(
        models.CharField(max_length=20, choices=OrganisationKind.choices), default=list, blank=True
    )
    decision = models.OneToOneField(
        "permits.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="permit"
    )
    register_kind = models.CharField(max_length=20, choices=RegisterKind.choices, blank=True)
    register_name = models.CharField(max_length=200, blank=True)
    scopes = models.JSONField(help_text="subject to the names of its fields")
    entitled_to_protected = models.BooleanField(default=False)
    customer_completes = models.BooleanField(default=False)
    purposes = models.JSONField(help_text="language code to the purpose of use")
    legal_bases = models.JSONField(help_text="language code to the law and section")
    conditions = models.JSONField(default=dict, help_text="language code to the permit's own conditions")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT)
    decided_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    WORKFLOW: ClassVar = states.PERMIT
    objects = PermitQuerySet.as_manager()

    class Meta:
        ordering = ["number", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="one_permit_a_version"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(organisation_kinds=[]), name="a_holder_or_a_class"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="permit_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(states.PERMIT.transitions)), name="permit_status"
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_to"],
                condition=Q(status__in=["in_force", "suspended"]),
                name="permits_that_end",
            ),
            models.Index(fields=["organisation", "-created_at"], name="permits_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.version}"

    @property
    def is_standing(self) -> bool:
        return self.organisation_id is None

    @property
    def purpose(self) -> str:
        return in_language(self.purposes)

    @property
    def legal_basis(self) -> str:
        return in_language(self.legal_bases)

    @property
    def condition(self) -> str:
        return in_language(self.conditions)

    def fields_of(self, subject: str = SubjectKind.PERSON) -> list[str]:
        """The names of the subject's fields that the permit covers, in the order in which it lists them."""
        return list(self.scopes.get(str(subject), []))

    @property
    def subjects(self) -> list[SubjectKind]:
        """What the permit covers data of, in the order of the catalogue."""
        return [kind for kind in SubjectKind if self.fields_of(kind)]

    @property
    def needs_acceptance(self) -> bool:
        """A permit of one holder is accepted by its signing official; under a standing one each order is."""
        return not self.is_standing

    @property
    def is_accepted(self) -> bool:
        return not self.needs_acceptance or hasattr(self, "acceptance")


class PermitAcceptance(models.Model):
    """The holder's signing official has accepted a permit version's terms and conditions. Append-only."""

    permit = models.OneToOneField(Permit, on_delete=models.PROTECT, related_name="acceptance")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)


class PermitEvent(models.Model):
    """A change of a permit's status with its reason, as the holder sees it. Append-only."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="events")
    status = models.CharField(max_length=12, choices=PermitStatus.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["at", "pk"]
