"""The roles: what a member of an organisation may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    APPLICANT = "applicant", _("Applicant")
    OFFICIAL = "official", _("Official")
    ADMIN = "admin", _("Administrator")
