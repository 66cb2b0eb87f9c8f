"""Searches in the disclosure register: who looked for a person's disclosures, on what ground, what came."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import oversight_states as states


class SearchGround(models.TextChoices):
    """What entitles an official to look up whose data went where."""

    ART_15 = "art_15", _("Request of the data subject (GDPR, article 15)")
    SUPERVISOR = "supervisor", _("Supervisory authority")
    POLICE_COURT = "police_court", _("Request of the police or a court")
    MISUSE = "misuse", _("Suspected misuse")
    CONTROL = "control", _("Internal control")


class SearchStatus(models.TextChoices):
    """The states of a search in words."""

    SEARCHED = states.SEARCHED, _("Being searched")
    FOUND = states.FOUND, _("Searched")
    FAILED = states.FAILED, _("Stopped by a fault")
    EXPIRED = states.EXPIRED, _("Searched, result deleted")


class DisclosureSearch(models.Model):
    """A search for the disclosures of one person, by all the identity codes the person has had.

    The codes lie in a file that only a worker can read (`name`), until the search is done; never here. The
    result is ids of the register's rows, kept for a day for the official who asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=10, choices=SearchStatus.choices, default=states.SEARCHED)
    ground = models.CharField(max_length=20, choices=SearchGround.choices)
    reference = models.CharField(max_length=200)
    codes = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    done_at = models.DateTimeField(null=True)
    hits = models.PositiveIntegerField(null=True)
    result = models.JSONField(default=list)

    WORKFLOW: ClassVar = states.SEARCH

    class Meta:
        verbose_name = _("search in the disclosure register")
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["done_at"], condition=Q(status=states.FOUND), name="results_that_expire")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(states.SEARCH.transitions)), name="search_status"
            ),
            models.CheckConstraint(
                condition=~Q(ground="") & ~Q(reference=""), name="a_search_has_its_ground"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[states.SEARCHED, states.FAILED], done_at__isnull=True, hits__isnull=True
                )
                | Q(status__in=[states.FOUND, states.EXPIRED], done_at__isnull=False, hits__isnull=False),
                name="a_search_that_is_done_has_its_hits",
            ),
            models.CheckConstraint(
                condition=Q(status=states.SEARCHED) | Q(name=""), name="the_codes_go_with_the_search"
            ),
            models.CheckConstraint(
                condition=Q(status=states.FOUND) | Q(result=[]), name="a_result_goes_when_it_expires"
            ),
        ]
