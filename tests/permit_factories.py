"""Applications and permits for tests, made by walking the real workflow."""

import copy
import uuid
from datetime import date
from typing import Any

from permits import granting, handling, workflow
from permits.form import form_spec
from permits.models import (
    Application,
    Decision,
    Document,
    InformationRequest,
    Permit,
    Proposal,
    StandingPermitDraft,
    Submission,
)
from portal import outbox
from portal.access import organisations_of
from portal.models import Job, User
from tests.permits.answers import COMPLETE

REASONS = "Hakija on osoittanut tarpeen ja suojauksen."


def complete_answers(**changes: Any) -> dict[str, Any]:
    """Answers that can be submitted as they are."""
    return copy.deepcopy(COMPLETE) | changes


def application(by: User, **options: Any) -> Application:
    """A draft of the user's first organisation, with nothing written but what is known beforehand."""
    return workflow.create(by=by, organisation=organisations_of(by)[0], token=uuid.uuid4(), **options)


def fill(draft: Application, by: User, answers: dict[str, Any] | None = None) -> Application:
    """Save every section, as the form's pages do one by one."""
    for section in form_spec.SECTIONS:
        workflow.save_section(draft, by=by, section=section.name, answers=answers or complete_answers())
    return draft


def filled_application(by: User, answers: dict[str, Any] | None = None, **options: Any) -> Application:
    return fill(application(by, **options), by, answers)


def submitted_application(by: User, answers: dict[str, Any] | None = None, **options: Any) -> Application:
    """A case that waits for a handler."""
    made = filled_application(by, answers, **options)
    workflow.submit(made, by=by, committed_by="Reetta Rehtori")
    return made


def paper_application(official: User, organisation: Any, received_on: date) -> Application:
    """One that came on paper, written down and submitted by the official."""
    made = workflow.create(
        by=official, organisation=organisation, token=uuid.uuid4(), received_on=received_on
    )
    fill(made, official)
    workflow.submit(made, by=official, committed_by="Reetta Rehtori")
    return made


def reviewed_application(
    by: User, official: User, answers: dict[str, Any] | None = None, **options: Any
) -> Application:
    """A case that the official has taken."""
    made = submitted_application(by, answers, **options)
    handling.take(made, by=official)
    return made


def asked_application(by: User, official: User) -> Application:
    """A case that waits for the applicant's answer."""
    made = reviewed_application(by, official)
    ask(made, official)
    return made


def ask(case: Application, official: User, **options: Any) -> InformationRequest:
    text = "Kuvatkaa lokien säilytys tarkemmin."
    return handling.ask_information(
        case, by=official, **{"text": text, "sections": ["protection"], **options}
    )


def answer(case: Application, by: User, **changes: Any) -> Submission:
    """Change some answers of the protection section and submit again."""
    answers = case.answers | ({"logs": "Lokit säilytetään kymmenen vuotta."} | changes)
    workflow.save_section(case, by=by, section="protection", answers=answers)
    return workflow.submit(case, by=by, committed_by="Reetta Rehtori")


def propose(case: Application, by: User, **changes: Any) -> Proposal:
    """Propose to grant all that was applied for, but for `changes`."""
    assert case.latest is not None
    content = {
        "outcome": "approve",
        "reasons": REASONS,
        "scopes": form_spec.wanted_scopes(case.latest.answers),
        "entitled_to_protected": form_spec.needs_protected(case.latest.answers),
    }
    return handling.propose(case, by=by, **content | changes)


def proposed_application(
    by: User, preparer: User, answers: dict[str, Any] | None = None, **changes: Any
) -> Application:
    """A case that waits for another official's decision; `changes` to what is proposed."""
    made = reviewed_application(by, preparer, answers)
    propose(made, preparer, **changes)
    return made


def decided_application(by: User, preparer: User, decider: User, **changes: Any) -> Application:
    """A case granted as proposed, or rejected with outcome="reject"."""
    made = proposed_application(by, preparer, **changes)
    handling.decide(made, by=decider)
    return made


def withdrawn_application(by: User) -> Application:
    made = submitted_application(by)
    workflow.withdraw(made, by=by)
    return made


def granted_permit(by: User, preparer: User, decider: User, **changes: Any) -> Permit:
    """The permit of a decided case; nobody has accepted its terms yet."""
    decided = decided_application(by, preparer, decider, **changes)
    return Permit.objects.get(decision=Decision.objects.get(application=decided))


def accepted_permit(by: User, preparer: User, decider: User, signatory: User, **changes: Any) -> Permit:
    """A granted permit that can be ordered under."""
    permit = granted_permit(by, preparer, decider, **changes)
    granting.accept(permit, by=signatory, name=signatory.name)
    return permit


def in_state(status: str, by: User, preparer: User, decider: User) -> Application:
    """A case in any of the states, by the way that leads there."""
    if status == "draft":
        return application(by)
    if status == "submitted":
        return submitted_application(by)
    if status == "in_review":
        return reviewed_application(by, preparer)
    if status == "info_requested":
        return asked_application(by, preparer)
    if status == "proposed":
        return proposed_application(by, preparer)
    if status == "withdrawn":
        return withdrawn_application(by)
    outcome = "approve" if status == "approved" else "reject"
    return decided_application(by, preparer, decider, outcome=outcome)


def standing_draft(preparer: User, **changes: Any) -> StandingPermitDraft:
    """A standing permit for wellbeing services counties, prepared and not yet decided."""
    content = {
        "number": f"TL-S-{uuid.uuid4().hex[:6]}",
        "organisation_kinds": ["wellbeing_county"],
        "scopes": {"person": ["hetu", "surname", "street"]},
        "purposes": {"fi": "Asiakasrekisterin päivitys", "sv": "Uppdatering av kundregistret"},
        "legal_bases": {"fi": "Laki 661/2009", "sv": "Lag 661/2009"},
        "valid_from": granting.today(),
    }
    return granting.prepare_standing(by=preparer, **content | changes)


def standing_permit(preparer: User, decider: User, **changes: Any) -> Permit:
    return granting.decide_standing(standing_draft(preparer, **changes), by=decider)


def document(by: User) -> Document:
    """The document of a submitted application."""
    case = submitted_application(by)
    for job in Job.objects.filter(task="permits.document", done_at=None):
        outbox.run(job.pk)
    return Document.objects.get(submission__application=case)
