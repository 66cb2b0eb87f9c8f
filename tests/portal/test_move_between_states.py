"""`states.move`: one conditional UPDATE and one audit row, or nothing."""

import re
from pathlib import Path

import pytest

from orders import states
from orders.models import Order, Status
from permits.states import PERMIT
from portal.events import MACHINE
from portal.models import AuditEvent
from portal.states import Conflict, move
from portal.workflows import Workflow
from tests import factories

WORKFLOWS = {"order": states.ORDER, "upload": states.UPLOAD, "permit": PERMIT}
PAIRS = [(a, b) for a in states.ORDER.transitions for b in states.ORDER.transitions]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_only_the_listed_transitions_are_made(cast, before: str, after: str) -> None:
    order = factories.placed_order_without_material(cast.secretary, before)
    allowed = after in states.ORDER.transitions[before]
    if allowed:
        move(
            order, after, by=MACHINE, **(factories.placing(cast.secretary) if after == states.PLACED else {})
        )
        assert order.status == after
    else:
        with pytest.raises((Conflict, KeyError)):
            move(order, after, by=MACHINE)
        order.refresh_from_db()
        assert order.status == before


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_state_has_an_owner_and_an_event(workflow: Workflow) -> None:
    entered = {state for following in workflow.transitions.values() for state in following}
    assert entered <= set(workflow.transitions)
    assert entered <= set(workflow.owners)
    assert entered <= set(workflow.events)


def test_every_state_of_an_order_has_words() -> None:
    assert set(Status.values) == set(states.ORDER.transitions)


def test_who_comes_second_changes_nothing_and_leaves_no_audit_row(cast) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.PLACED)
    seen_by_another = Order.objects.get(pk=order.pk)
    move(order, states.CANCELLED, by=cast.secretary)
    rows = AuditEvent.objects.count()
    with pytest.raises(Conflict):
        move(seen_by_another, states.MATCHING, by=MACHINE)
    assert AuditEvent.objects.count() == rows


def test_a_move_is_audited_with_its_actor(cast) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.PLACED)
    move(order, states.CANCELLED, by=cast.secretary)
    event = AuditEvent.objects.latest("pk")
    assert (event.event, event.actor, event.object_id) == (
        "order.cancelled",
        str(cast.secretary.pk),
        str(order.pk),
    )


def test_a_move_is_undone_when_its_audit_row_fails(cast) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.PLACED)
    with pytest.raises(ValueError, match="free text"):
        move(order, states.CANCELLED, by=cast.secretary, details={"why": "text that could name a person"})
    order.refresh_from_db()
    assert order.status == states.PLACED


def test_nothing_else_writes_a_status() -> None:
    root = Path(__file__).resolve().parents[2]
    writes = re.compile(
        r"\.status\s*=[^=]|update\([^)]*\bstatus\s*=|\n +fields\s*=\s*[\[(][^\])]*[\"']status[\"']"
    )
    for app in ("portal", "permits", "orders"):
        for path in (root / app).rglob("*.py"):
            if path.relative_to(root).as_posix() == "portal/states.py" or "migrations" in path.parts:
                continue
            assert not writes.search(path.read_text()), path
