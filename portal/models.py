"""Who uses the service, what was done, and the jobs that wait: PostgreSQL is the truth for all of them."""

import re
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.fi import ytunnus

from portal import organisation_states
from portal.roles import STAFF_ROLES, Role


def validate_business_id(value: str) -> None:
    """Refuse what is no business id (Y-tunnus: seven digits, a hyphen and a check digit).

    One way of writing alone, or an organisation could be registered twice.
    """
    from django.core.exceptions import ValidationError

    if not re.fullmatch(r"[0-9]{7}-[0-9]", value) or not ytunnus.is_valid(value):
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


class OrganisationStatus(models.TextChoices):
    """Whether an official has checked that the organisation is what it says."""

    UNVERIFIED = organisation_states.UNVERIFIED, _("Waits for verification")
    VERIFIED = organisation_states.VERIFIED, _("Verified")
    REFUSED = organisation_states.REFUSED, _("Needs a correction")


class Organisation(models.Model):
    """A customer, or the registry itself. Only `states.move` changes the status of one that is stored.

    `verified_by` is empty where the registry entered the organisation itself, without a registration.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    business_id = models.CharField(
        _("business ID"), max_length=9, unique=True, validators=[validate_business_id]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    email = models.EmailField(_("e-mail"), blank=True)
    street = models.CharField(_("street address"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    post_office = models.CharField(_("post office"), max_length=50, blank=True)
    signing_official_name = models.CharField(_("signing official’s name"), max_length=200, blank=True)
    signing_official_title = models.CharField(_("signing official’s title"), max_length=100, blank=True)
    status = models.CharField(
        max_length=12, choices=OrganisationStatus.choices, default=OrganisationStatus.UNVERIFIED
    )
    registered_by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    refused_reason = models.TextField(_("reason"), max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    WORKFLOW: ClassVar = organisation_states.ORGANISATION

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name", "business_id"], name="organisations_by_name"),
            models.Index(
                fields=["created_at", "id"], condition=Q(status="unverified"), name="waiting_organisations"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(organisation_states.ORGANISATION.transitions)),
                name="organisation_status",
            ),
            models.CheckConstraint(
                condition=Q(status="verified", verified_at__isnull=False)
                | (~Q(status="verified") & Q(verified_at__isnull=True, verified_by__isnull=True)),
                name="verified_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="refused") ^ Q(refused_reason=""), name="refused_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        """As on a letter: name, street, postal code and office; what is not known is left out."""
        office = f"{self.postal_code} {self.post_office}".strip()
        return [line for line in (self.name, self.street, office) if line]

    @property
    def is_verified(self) -> bool:
        """True where an official has verified it; the registry needs nobody to."""
        return self.status == organisation_states.VERIFIED or self.kind == OrganisationKind.REGISTRY


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
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    """How often all sessions have been ended: a session is part of the number that it began with."""
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    organisations: models.ManyToManyField = models.ManyToManyField(
        Organisation, through="Membership", related_name="users"
    )

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def end_sessions(self) -> None:
        """Sign the user out everywhere, as a new password does."""
        User.objects.filter(pk=self.pk).update(sessions_ended=F("sessions_ended") + 1)
        self.refresh_from_db(fields=["sessions_ended"])

    def get_session_auth_hash(self) -> str:
        """What a session is compared with at each request: the password, and the number of endings."""
        return f"{super().get_session_auth_hash()}.{self.sessions_ended}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secret keys of before."""
        for of_password in super().get_session_auth_fallback_hash():
            yield f"{of_password}.{self.sessions_ended}"

    @property
    def role_names(self) -> frozenset[str]:
        """Every role that the user has in any organisation, read once for each request's user."""
        if not hasattr(self, "_role_names"):
            self._role_names = frozenset(self.memberships.values_list("role", flat=True))
        return self._role_names

    @property
    def is_official(self) -> bool:
        return bool(self.role_names & STAFF_ROLES)

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Who becomes staff signs in anew: no session of before may grow into one of staff."""
        super().save(*args, **kwargs)
        if self.role in STAFF_ROLES:
            self.user.end_sessions()

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        of_registry = self.organisation.kind == OrganisationKind.REGISTRY
        if of_registry != (self.role in STAFF_ROLES):
            raise ValidationError(_("This role does not suit the kind of the organisation."))


class Invitation(models.Model):
    """A call to join an organisation, sent to an e-mail address; whoever has confirmed that one may accept.

    The link's token is made when the message is sent, and only its SHA-256 hash is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    roles = ArrayField(models.CharField(max_length=10, choices=Role.choices))
    language = models.CharField(max_length=2, default="fi")
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) ^ Q(accepted_by__isnull=False),
                name="accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="accepted_or_withdrawn",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Neither accepted, withdrawn nor too old."""
        return self.accepted_at is None and self.withdrawn_at is None and timezone.now() < self.expires_at


class JoinRequest(models.Model):
    """A person's wish to become a member of an organisation, for its managers to decide."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="join_requests")
    text = models.TextField(_("message to the organisation"), max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    admitted = models.BooleanField(null=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(decided_at__isnull=True),
                name="one_open_request_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, admitted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, admitted__isnull=False),
                name="decided_by_somebody",
            ),
        ]


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

    `lease_until` and `fence` make one worker at a time its owner; `done_at` and `failed_at` end it. Jobs with
    a `lane` take turns (`portal.outbox.Turn`); `taken_at` is when one was last begun.
    """

    task = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    lane = models.CharField(max_length=40, blank=True)
    work = models.CharField(max_length=40, blank=True)
    taken_at = models.DateTimeField(null=True)
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
            ),
            models.Index(fields=["lane", "-taken_at"], condition=~Q(lane=""), name="turns_of_lanes"),
            models.Index(fields=["lane", "work", "-taken_at"], condition=~Q(lane=""), name="turns_of_works"),
        ]
