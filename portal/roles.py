"""The roles: what a member of an organisation may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    APPLICANT = "applicant", _("Applicant")
    SIGNATORY = "signatory", _("Signing official")
    MANAGER = "manager", _("Manager of members")
    OFFICIAL = "official", _("Official")
    ADMIN = "admin", _("Administrator")


STAFF_ROLES = frozenset({Role.OFFICIAL, Role.ADMIN})
"""The roles in the registry itself."""

CUSTOMER_ROLES = (Role.APPLICANT, Role.SIGNATORY, Role.MANAGER)
"""The roles in a customer's organisation, of which a person may have several: who orders and applies, who
signs (allekirjoittaja), who manages the members (organisaation pääkäyttäjä)."""
