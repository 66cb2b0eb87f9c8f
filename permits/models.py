"""Permits (tietolupa) and the terms that their holders commit to."""

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
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


def in_language(texts: dict[str, str]) -> str:
    """The text in the reader's language, else in Finnish."""
    return texts.get((get_language() or "fi")[:2]) or texts["fi"]


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


class Permit(models.Model):
    """One immutable version of a data permit; only its status changes, by `states.move`.

    A standing permit (toistaiseksi voimassa oleva lupa) names classes of organisations instead of a holder.
    `fields` are names of the field catalogue; `entitled_to_protected` opens data under a turvakielto.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, default=states.IN_FORCE)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="permits"
    )
    organisation_kinds = ArrayField(
        models.CharField(max_length=20, choices=OrganisationKind.choices), default=list, blank=True
    )
    subject = models.CharField(max_length=12, choices=SubjectKind.choices, default=SubjectKind.PERSON)
    register_kind = models.CharField(max_length=20, choices=RegisterKind.choices, blank=True)
    fields = ArrayField(models.CharField(max_length=40))
    entitled_to_protected = models.BooleanField(default=False)
    purposes = models.JSONField(help_text="language code to the purpose of use")
    legal_basis = models.CharField(max_length=200)
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

    def __str__(self) -> str:
        return f"{self.number}/{self.version}"

    @property
    def is_standing(self) -> bool:
        return self.organisation_id is None

    @property
    def purpose(self) -> str:
        return in_language(self.purposes)
