"""`states.move_all` and `audit.record_all`: thousands at once, each conditional, audited and done once."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from permits import states
from permits.models import Permit, PermitEvent
from permits.tasks import turn_day
from portal.audit import record_all
from portal.calendar import local_day
from portal.events import MACHINE, Event
from portal.models import AuditEvent, Job
from portal.states import move, move_all
from tests import factories


def permits(holder: Any, count: int, **changes: Any) -> list[Permit]:
    return [factories.permit(holder, **changes) for _ in range(count)]


def expire(rows: Any) -> list[Permit]:
    return move_all(rows, states.EXPIRED, by=MACHINE, details={"to": states.EXPIRED})


def changed_events() -> list[str]:
    return list(AuditEvent.objects.filter(event=Event.PERMIT_CHANGED).values_list("object_id", flat=True))


def test_every_row_is_moved_and_audited_once(cast: SimpleNamespace) -> None:
    found = permits(cast.school, 3)
    moved = expire(Permit.objects.filter(organisation=cast.school))
    assert {permit.pk for permit in moved} == {permit.pk for permit in found}
    assert {permit.status for permit in moved} == {states.EXPIRED}
    assert set(Permit.objects.filter(organisation=cast.school).values_list("status", flat=True)) == {
        "expired"
    }
    assert sorted(changed_events()) == sorted(str(permit.pk) for permit in found)


def test_an_audit_row_says_who_did_what_to_which_organisations_permit(cast: SimpleNamespace) -> None:
    (permit,) = permits(cast.school, 1)
    expire(Permit.objects.filter(pk=permit.pk))
    event = AuditEvent.objects.get(event=Event.PERMIT_CHANGED)
    assert (event.actor, event.object_type, event.object_id) == (MACHINE, "permit", str(permit.pk))
    assert (event.organisation, event.details) == (str(cast.school.pk), {"to": "expired"})


def test_the_second_time_nothing_is_left(cast: SimpleNamespace) -> None:
    permits(cast.school, 2)
    expire(Permit.objects.filter(organisation=cast.school))
    assert expire(Permit.objects.filter(organisation=cast.school)) == []
    assert len(changed_events()) == 2


def test_rows_that_cannot_be_followed_by_the_state_are_left(cast: SimpleNamespace) -> None:
    revoked, in_force = permits(cast.school, 2)
    move(revoked, states.REVOKED, by=cast.official)
    assert expire(Permit.objects.filter(organisation=cast.school)) == [in_force]
    revoked.refresh_from_db()
    assert revoked.status == states.REVOKED


def test_nothing_is_moved_where_the_audit_rows_cannot_be_written(cast: SimpleNamespace) -> None:
    (permit,) = permits(cast.school, 1)
    with pytest.raises(ValueError, match="free text"):
        move_all(
            Permit.objects.filter(pk=permit.pk), states.EXPIRED, by=MACHINE, details={"why": "vapaa teksti"}
        )
    permit.refresh_from_db()
    assert permit.status == states.IN_FORCE


def test_each_of_many_is_recorded_with_the_same_details(cast: SimpleNamespace) -> None:
    record_all(Event.PERMIT_READ, by=cast.official, about=permits(cast.school, 3), rows=3)
    found = AuditEvent.objects.filter(event=Event.PERMIT_READ)
    assert [(row.actor, row.details) for row in found] == [(str(cast.official.pk), {"rows": 3})] * 3


def test_recording_nothing_writes_nothing(cast: SimpleNamespace) -> None:
    before = AuditEvent.objects.count()
    record_all(Event.PERMIT_READ, by=cast.official, about=[])
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast: SimpleNamespace, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    permits(cast.school, count)
    with django_assert_num_queries(5):  # savepoint, lock, update, audit, release
        assert len(expire(Permit.objects.filter(organisation=cast.school))) == count


def test_a_night_expires_each_permit_once_with_an_event_and_a_mail(cast: SimpleNamespace) -> None:
    today = local_day(timezone.now())
    permits(cast.school, 3, valid_to=today - timedelta(days=1))
    (still,) = permits(cast.school, 1, valid_to=today)
    assert turn_day()["expired"] == 3
    assert turn_day()["expired"] == 0
    assert PermitEvent.objects.filter(status=states.EXPIRED).count() == 3
    mails = Job.objects.filter(task="permits.mail", payload__notice="expired")
    assert mails.count() == 3 * cast.school.users.distinct().count()
    still.refresh_from_db()
    assert still.status == states.IN_FORCE
