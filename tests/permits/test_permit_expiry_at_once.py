"""Two clocks turn the day at the same moment: each permit still ends, and begins, once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from permits import granting
from permits.models import PermitEvent
from portal.models import AuditEvent
from tests import factories
from tests.at_once import at_once, database_copy
from tests.permits.test_permit_expiry import TODAY, ended_permits


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), database_copy():
        yield


def test_of_two_runs_at_once_each_permit_is_ended_by_one(cast) -> None:
    ended_permits(cast.school, 500)
    outcomes = at_once(lambda: granting.expire_due(TODAY), lambda: granting.expire_due(TODAY))
    assert sum(outcomes) == 500
    assert PermitEvent.objects.filter(status="expired").count() == 500
    assert AuditEvent.objects.filter(event="permit.changed", actor="machine").count() == 500


def test_of_two_runs_at_once_each_version_is_replaced_by_one(cast) -> None:
    first_day = granting.today() - timedelta(days=1)
    for n in range(20):
        factories.permit(cast.school, accepted=False, number=f"TL-{n}")
        factories.permit(cast.school, accepted=False, number=f"TL-{n}", version=2, valid_from=first_day)
    at_once(granting.begin_due, granting.begin_due)
    assert PermitEvent.objects.filter(status="replaced").count() == 20
    assert granting.begin_due() == 0
