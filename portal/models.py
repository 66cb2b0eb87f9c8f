"""Who uses the service, what was done, and the jobs that wait: PostgreSQL is the truth for all of them."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.fi import ytunnus

from portal.roles import Role


def validate_business_id(value: str) -> None:
    """Refuse what is no business id (Y-tunnus: seven digits, a hyphen and a check digit)."""
    from django.core.exceptions import ValidationError

    if value.upper().startswith("FI") or not ytunnus.is_valid(value):
        raise ValidationError(
            _("Check the business ID: seven digits, a hyphen and a check digit."), code="business_id"
        )


class OrganisationKind(models.TextChoices):
    """Classes of organisations, as the price decree and the standing permits know them."""

    REGISTRY = "registry", _("The registry itself")
    STATE = "state", _("State authority or court")
    MUNICIPALITY = "municipality", _("Municipal authority")
    WELLBEING_COUNTY = "wellbeing_county", _("Wellbeing services county")
    SOCIAL_INSURANCE = "social_insurance", _("Social Insurance Institution (Kela)")
    EDUCATION_DEGREE = "education_degree", _("Educational institution with statutory degrees")
    EDUCATION_OTHER = "education_other", _("Other educational institution")
    OTHER_PUBLIC = "other_public", _("Other public body")


class Organisation(models.Model):
    """A customer, or the registry itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    business_id = models.CharField(
        _("business ID"), max_length=9, unique=True, validators=[validate_business_id]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    email = models.EmailField(_("e-mail"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, default="fi")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    organisations: models.ManyToManyField = models.ManyToManyField(
        Organisation, through="Membership", related_name="users"
    )

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def role_names(self) -> frozenset[str]:
        """Every role that the user has in any organisation, read once for each request's user."""
        if not hasattr(self, "_role_names"):
            self._role_names = frozenset(self.memberships.values_list("role", flat=True))
        return self._role_names

    @property
    def is_official(self) -> bool:
        return bool(self.role_names & {Role.OFFICIAL, Role.ADMIN})

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.role_names

    @property
    def is_applicant(self) -> bool:
        return Role.APPLICANT in self.role_names


class Membership(models.Model):
    """What a user may be in an organisation; officials and admins are members of the registry."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_membership_a_role")
        ]

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        of_registry = self.organisation.kind == OrganisationKind.REGISTRY
        if of_registry != (self.role in {Role.OFFICIAL, Role.ADMIN}):
            raise ValidationError(
                _("Officials and admins are members of the registry, applicants of a customer.")
            )


class AuditEvent(models.Model):
    """One act, reading or refusal. No foreign keys, so that a purge is neither blocked nor erases history.

    Append-only: a trigger refuses UPDATE and DELETE. Holds ids, codes and numbers, never a name, an identity
    code or a cell (`audit.record` refuses free text).
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=40)
    source = models.CharField(max_length=45, blank=True)
    organisation = models.CharField(max_length=36, blank=True)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "at"], name="audit_by_object")]


class Job(models.Model):
    """Work that must be done once: written in the transaction that makes it needed, sent after its commit.

    `lease_until` and `fence` make one worker at a time its owner; `done_at` and `failed_at` end it.
    """

    task = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    run_after = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "key"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="one_open_job_a_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["run_after"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="open_jobs",
            )
        ]
