"""What officials do with an application: requests, messages, statements, checklist."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from permits.models.application import Application


def _user(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class InformationRequest(models.Model):
    """What the registry still needs to know (lisäselvityspyyntö). The clock stands still while it is open.

    `ended_at` is when the applicant answered, when the handler went on without an answer, for `end_reason`,
    or when the application was withdrawn.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="information_requests"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = _user()
    text = models.TextField(max_length=8000)
    sections = models.JSONField(default=list, help_text="names of the form's sections that it is about")
    answer_by = models.DateField()
    ended_at = models.DateTimeField(null=True)
    answered = models.BooleanField(default=False)
    end_reason = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="one_open_request"
            )
        ]

    @property
    def was_gone_on_without(self) -> bool:
        """Whether the registry went on without an answer: a withdrawal ends the case at the same moment."""
        ended = self.ended_at is not None and not self.answered
        return ended and self.ended_at != self.application.ended_at


class Message(models.Model):
    """A line between applicant and officials, or an official's private note. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField(default=timezone.now)
    by = _user()
    is_private = models.BooleanField(default=False)
    from_registry = models.BooleanField(default=False)
    text = models.TextField(max_length=8000)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_private=False) | Q(from_registry=True), name="notes_are_the_registrys"
            )
        ]


class Statement(models.Model):
    """An opinion asked of another expert of the registry (lausunto)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="statements")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = _user()
    asked_of = _user()
    question = models.TextField(max_length=8000)
    wanted_by = models.DateField()
    answer = models.TextField(max_length=8000, blank=True)
    answered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at"]


class ChecklistMark(models.Model):
    """What a handler found at one point of the checklist (permits.checklist)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="marks")
    item = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10, choices=[("ok", "ok"), ("not_ok", "not ok"), ("none", "none")])
    comment = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = _user()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="one_mark_a_checklist_item")
        ]
