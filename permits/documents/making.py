"""The documents of a case (asiakirjat): made by a worker from stored facts, kept encrypted, known by hash.

An application's document shows a submission, a decision's the decision with its reasons, conditions and
instructions for appeal, a permit's the version as it stands. Their language is the application's; a standing
permit has one in each language of the registry.
"""

import io
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from permits import field_texts, words
from permits.documents import pdf
from permits.documents.document_texts import (
    appeal_instructions,
    footer,
    labels,
    law_references,
    registry,
)
from permits.documents.pdf import Part, Row, Sheet
from permits.form import answers, form_spec
from permits.models import Attachment, Decision, Document, Permit, SubjectKind, Submission
from portal import papers, shelves, storage
from portal.audit import record
from portal.calendar import local_day
from portal.events import MACHINE, Event
from portal.models import Organisation, OrganisationKind
from portal.outbox import Lease
from portal.templatetags.components import day

shelves.keep(shelves.Shelf("documents", ("documents",), Document.objects.all, storage.delivery_key))
Source = Submission | Decision | Permit
FIELDS = {Submission: "submission", Decision: "decision", Permit: "permit"}


def make(lease: Lease) -> None:
    """Make and keep the documents of what the job names; those that are there already stay as they are."""
    kind = lease.payload["kind"]
    source = _source(kind, lease.payload["of"])
    made = []
    for language in _languages(source):
        if _documents(source).filter(kind=kind, language=language).exists():
            continue
        with translation.override(language):
            sheet = SHEETS[kind](source)
        content = pdf.render(sheet)
        stored = storage.store(io.BytesIO(content), storage.delivery_key(), folder="documents")
        made.append((language, sheet.number, stored))
    with transaction.atomic():
        lease.finish()
        for language, number, stored in made:
            document = Document.objects.create(
                kind=kind,
                language=language,
                number=number,
                **{FIELDS[type(source)]: source},
                **vars(stored),
            )
            record(Event.DOCUMENT_MADE, by=MACHINE, about=document, kind=kind, sha256=stored.sha256)


def _source(kind: str, pk: Any) -> Source:
    if kind == Document.Kind.APPLICATION:
        return Submission.objects.select_related("application__organisation").get(pk=pk)
    if kind == Document.Kind.DECISION:
        return Decision.objects.select_related("application__organisation").get(pk=pk)
    return Permit.objects.select_related("organisation", "decision__application", "terms").get(pk=pk)


def _documents(source: Source) -> Any:
    return Document.objects.filter(**{FIELDS[type(source)]: source})


def _languages(source: Source) -> Sequence[str]:
    if isinstance(source, Permit):
        return [source.decision.application.language] if source.decision else papers.LANGUAGES
    return [source.application.language]


@papers.known
def find(sha256: str) -> papers.Paper | None:
    """The application, decision or permit of this hash."""
    document = Document.objects.select_related("permit").filter(sha256=sha256).first()
    if document is None:
        return None
    standing = ""
    if document.permit is not None:
        status = document.permit.get_status_display()
        standing = _("State of this version of the permit today: %(status)s.") % {"status": status}
    return papers.Paper(document.get_kind_display(), document.number, document.made_at, standing)


# What each document says


def _application(submission: Submission) -> Sheet:
    case, text = submission.application, labels()
    files = Attachment.objects.filter(pk__in=[uuid.UUID(pk) for pk in submission.attachments])
    parts = [_applicant(case.organisation)]
    for section in answers.answered(submission.answers):
        parts.append(Part(section.title, rows=[Row(row.label, row.value) for row in section.rows]))
    if files:
        parts.append(Part(text["attachments"], items=[one.given_name for one in files]))
    commitment = _(
        "%(name)s has committed the applicant to the terms of the permit, version %(version)s."
    ) % {
        "name": submission.committed_by,
        "version": submission.terms.version,
    }
    parts.append(Part(_("Commitment to the terms"), paragraphs=[commitment]))
    return Sheet(
        kind="application",
        language=case.language,
        number=case.number,
        title=str(submission.answers.get("register_name", "")),
        date=local_day(submission.at),
        addressee=[registry()],
        lead="",
        parts=parts,
        signatures=[(submission.committed_by, case.organisation.name)],
        footer=footer(case.number),
    )


def _decision(decision: Decision) -> Sheet:
    case, text = decision.application, labels()
    parts = [
        Part(text["matter"], rows=_matter(decision)),
        Part(text["decision"], paragraphs=[_outcome(decision)]),
    ]
    if decision.grants:
        parts.append(Part(_("What is granted"), rows=_granted(decision)))
    parts.append(Part(text["reasons"], paragraphs=[decision.reasons]))
    if decision.conditions:
        parts.append(Part(text["conditions"], paragraphs=[decision.conditions]))
    parts += [
        Part(text["applied_provisions"], items=[_legal_basis(decision), *law_references()]),
        Part(text["appeal"], paragraphs=appeal_instructions()),
        Part(text["further_information"], paragraphs=[settings.CONTACT_EMAIL]),
    ]
    return Sheet(
        kind="decision",
        language=case.language,
        number=decision.number,
        title=_outcome_title(decision),
        date=local_day(decision.decided_at),
        addressee=case.organisation.address_lines,
        lead="",
        parts=parts,
        signatures=[
            (decision.decided_by.name, text["decided_by"]),
            (decision.prepared_by.name, text["prepared_by"]),
        ],
        footer=footer(decision.number),
    )


def _permit(permit: Permit) -> Sheet:
    text = labels()
    holder = permit.organisation
    parts = [
        Part(_("Holder of the permit"), rows=_holder(permit)),
        Part(_("Content of the permit"), rows=_content(permit)),
        Part(text["validity"], paragraphs=[_validity(permit)]),
    ]
    if permit.condition:
        parts.append(Part(text["conditions"], paragraphs=[permit.condition]))
    parts.append(
        Part(
            _("Terms of the permit, version %(version)s") % {"version": permit.terms.version},
            paragraphs=[permit.terms.text],
        )
    )
    made_by = permit.decision or getattr(permit, "prepared_as", None)
    decided_by = made_by.decided_by if made_by else None
    return Sheet(
        kind="permit",
        language=translation.get_language()[:2],
        number=str(permit),
        title=permit.register_name or permit.purpose,
        date=permit.decided_on,
        addressee=holder.address_lines if holder else [],
        lead="",
        parts=parts,
        signatures=[(decided_by.name, text["decided_by"])] if decided_by else [],
        footer=footer(str(permit)),
    )


SHEETS: dict[str, Any] = {"application": _application, "decision": _decision, "permit": _permit}


def _applicant(organisation: Organisation) -> Part:
    rows = [
        Row(_("Organisation"), organisation.name),
        Row(_("Business ID"), organisation.business_id),
        Row(_("Address"), "\n".join(organisation.address_lines[1:])),
    ]
    return Part(labels()["applicant"], rows=rows)


def _matter(decision: Decision) -> list[Row]:
    case, text, given = decision.application, labels(), decision.submission.answers
    return [
        Row(text["applicant"], f"{case.organisation.name}, {case.organisation.business_id}"),
        Row(text["case_number"], case.number),
        Row(_("Name of the register"), str(given.get("register_name", ""))),
        Row(_("Purpose of use"), str(given.get("purpose", ""))),
        Row(_("Arrived on"), day(case.starts_on)),
    ]


def _outcome_title(decision: Decision) -> str:
    titles = {
        "approve": _("The permit is granted"),
        "approve_in_part": _("The permit is granted in part"),
        "reject": _("The application is rejected"),
    }
    return titles[decision.outcome]


def _outcome(decision: Decision) -> str:
    if decision.outcome == "approve":
        return _("The registry grants the data permit as applied for.")
    if decision.outcome == "approve_in_part":
        return _("The registry grants the data permit in part. The application is rejected for the rest.")
    return _("The registry rejects the application.")


def _granted(decision: Decision) -> list[Row]:
    """The data that are granted, those applied for and not granted, and the validity."""
    wanted = form_spec.wanted_scopes(decision.submission.answers)
    refused = {
        subject: [name for name in names if name not in decision.scopes.get(subject, [])]
        for subject, names in wanted.items()
    }
    left_out = [
        f"{SubjectKind(subject).label}: {field_texts.label(name, subject)}"
        for subject, names in refused.items()
        for name in names
    ]
    rows = _scope_rows(decision.scopes, decision.entitled_to_protected)
    if left_out:
        rows.append(Row(_("Not granted"), "\n".join(left_out)))
    rows.append(Row(_("Doubtful rows"), words.completion_words(decision.customer_completes)))
    rows.append(Row(labels()["validity"], _validity(decision)))
    if form_spec.is_shorter(decision.valid_to, decision.submission.answers):
        rows.append(Row(_("Time applied for"), words.wanted_time(decision.submission.answers)))
    return rows


def _scope_rows(scopes: dict[str, list[str]], entitled: bool) -> list[Row]:
    rows = [
        Row(str(SubjectKind(subject).label), "\n".join(map(str, field_texts.labels(names, subject))))
        for subject, names in scopes.items()
    ]
    if "person" in scopes:
        answer = _("Given out, with the mark of it") if entitled else _("Withheld")
        rows.append(Row(_("Data under a non-disclosure order"), answer))
    return rows


def _validity(content: Decision | Permit) -> str:
    days = {"start": day(content.valid_from), "end": day(content.valid_to)}
    if content.valid_to is None:
        return _("In force from %(start)s until further notice.") % days
    return _("In force from %(start)s to %(end)s.") % days


def _legal_basis(decision: Decision) -> str:
    given = decision.submission.answers
    return f"{given.get('law', '')}, {given.get('law_section', '')}"


def _holder(permit: Permit) -> list[Row]:
    if permit.organisation is not None:
        return [
            Row(_("Organisation"), permit.organisation.name),
            Row(_("Business ID"), permit.organisation.business_id),
        ]
    kinds = [str(OrganisationKind(kind).label) for kind in permit.organisation_kinds]
    return [Row(_("Organisations"), "\n".join(kinds))]


def _content(permit: Permit) -> list[Row]:
    decision = [Row(labels()["decision"], permit.decision.number)] if permit.decision else []
    return [
        *decision,
        Row(_("Purpose of use"), permit.purpose),
        Row(_("Legal basis"), permit.legal_basis),
        *_scope_rows(permit.scopes, permit.entitled_to_protected),
        Row(_("Doubtful rows"), words.completion_words(permit.customer_completes)),
    ]
