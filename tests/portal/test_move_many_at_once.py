"""`states.move_all` beside another transaction: what that holds is left, and nothing is moved twice."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from permits import states
from permits.models import Permit
from portal.events import MACHINE
from portal.models import AuditEvent
from portal.states import move_all
from tests import factories
from tests.at_once import at_once, database_copy, holding

LOCK = "SELECT id FROM permits_permit WHERE id = %s FOR UPDATE"


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), database_copy():
        yield


def expire(holder: Any) -> list[Permit]:
    return move_all(Permit.objects.filter(organisation=holder), states.EXPIRED, by=MACHINE)


def test_a_row_that_another_transaction_holds_is_left_for_the_next_run(cast: SimpleNamespace) -> None:
    held, free = factories.permit(cast.school), factories.permit(cast.school)
    with holding(LOCK, held.pk):
        assert expire(cast.school) == [free]
    assert expire(cast.school) == [held]
    assert expire(cast.school) == []


def test_two_runs_at_once_move_each_row_once(cast: SimpleNamespace) -> None:
    made = {factories.permit(cast.school).pk for _ in range(40)}
    one, other = at_once(lambda: expire(cast.school), lambda: expire(cast.school))
    rest = expire(cast.school)  # a row that both passed over while the other held it
    moved = [permit.pk for permit in [*one, *other, *rest]]
    assert len(moved) == len(set(moved))
    assert set(moved) == made
    assert AuditEvent.objects.filter(event="permit.changed").count() == len(made)
