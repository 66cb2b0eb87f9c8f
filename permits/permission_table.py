"""docs/permissions.md from the code: who may do what in which state, and every workflow as a diagram."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.utils import translation

from permits import acts
from permits.acts import Act, Party
from permits.models.application import ApplicationStatus
from permits.models.permit import PermitStatus
from portal.workflows import Workflow

PARTY_WORDS: Mapping[Party, str] = {
    Party.APPLICANT: "applies and orders for the organisation",
    Party.SIGNATORY: "the organisation's signing official",
    Party.READER: "another member, or who was given the right to read",
    Party.HANDLER: "an official, neither a member of the organisation nor one who acted for it in the case",
    Party.PREPARER: "the handler who made the proposal that waits",
    Party.DECIDER: "any other handler, while a proposal waits",
    Party.RECORDER: "a handler, of an application that came on paper",
    Party.OVERSEER: "an administrator",
}
HEAD = """# Permissions

Made by `python manage.py permissions_table`; a test holds this file against the code, and another one calls
every act as every party in every state of an application. Each column is a state. A cell names who may do
the act there; an empty one means that nobody may.
"""


def text() -> str:
    """The whole file."""
    with translation.override("en"):
        parts = [HEAD, _parties()]
        parts.append(_table("Applications", acts.APPLICATION_ACTS, ApplicationStatus))
        parts.append(_table("Permits", acts.PERMIT_ACTS, PermitStatus))
        parts += [_workflow(name, workflow) for name, workflow in _workflows()]
    return "\n".join(parts)


def _parties() -> str:
    rows = [f"| {party} | {words} |" for party, words in PARTY_WORDS.items()]
    return "\n".join(["## Parties", "", "| party | who it is |", "|---|---|", *rows, ""])


def _table(title: str, table: Mapping[str, Act], statuses: Any) -> str:
    head = "| act | " + " | ".join(str(label) for label in statuses.labels) + " |"
    line = "|---" * (len(statuses) + 1) + "|"
    rows = [
        f"| {name} | " + " | ".join(_cell(act, state) for state in statuses.values) + " |"
        for name, act in table.items()
    ]
    return "\n".join([f"## {title}", "", head, line, *rows, ""])


def _cell(act: Act, state: str) -> str:
    return ", ".join(party for party in Party if party in act.parties) if state in act.states else ""


def _workflows() -> Iterable[tuple[str, Workflow]]:
    """Every model that has a workflow, by name."""
    models = [model for model in apps.get_models() if hasattr(model, "WORKFLOW")]
    return sorted((str(model._meta.verbose_name), model.WORKFLOW) for model in models)


def _workflow(name: str, workflow: Workflow) -> str:
    rows = [f"| {state} | {', '.join(sorted(owners))} |" for state, owners in workflow.owners.items()]
    owners = ["", "| state | entered by |", "|---|---|", *rows] if rows else []
    return "\n".join([f"## States: {name}", "", "```mermaid", workflow.diagram(), "```", *owners, ""])
