"""Applications, their review, and the permits that come of them."""

from permits.models.application import Application, ApplicationShare, Attachment, Submission
from permits.models.decision import Decision, Document, Proposal, StandingPermitDraft
from permits.models.permit import (
    Permit,
    PermitAcceptance,
    PermitEvent,
    PermitQuerySet,
    RegisterKind,
    SubjectKind,
    Terms,
    in_language,
    language_of,
)
from permits.models.review import ChecklistMark, InformationRequest, Message, Statement

__all__ = [
    "Application",
    "ApplicationShare",
    "Attachment",
    "ChecklistMark",
    "Decision",
    "Document",
    "InformationRequest",
    "Message",
    "Permit",
    "PermitAcceptance",
    "PermitEvent",
    "PermitQuerySet",
    "Proposal",
    "RegisterKind",
    "StandingPermitDraft",
    "Statement",
    "SubjectKind",
    "Submission",
    "Terms",
    "in_language",
    "language_of",
]
