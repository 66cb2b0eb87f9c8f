"""The order form (tilauslomake) as a workbook: filled offline and sent, it becomes the same order."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orders import workflow
from orders.models import Order


@dataclass(frozen=True)
class FilledForm:
    """What a filled form says: details of the order, and its register as a file of its own."""

    register: Path
    details: dict[str, Any] = field(default_factory=dict)
    accepted_by: str = ""


def read(path: Path, folder: Path) -> FilledForm:
    """Read a filled form; raises InputProblems, by cell, where something must be mended."""
    return FilledForm(path)


def apply(form: FilledForm, order: Order) -> None:
    """Store the form's details in its draft order, in the caller's transaction."""
    workflow.describe(order, by=order.created_by, **form.details)
