"""Permits end by themselves: ten thousand in one run, each once; and none can be used past its last day."""

import tracemalloc
from datetime import date, timedelta

import pytest

from permits import granting, tasks
from permits.access import check_usable
from permits.models import Permit, PermitEvent
from portal.access import Denied
from portal.models import AuditEvent, Job
from tests import factories

MANY = 10_000
TODAY = date(2026, 11, 23)


def ended_permits(holder: object, count: int) -> list[Permit]:
    """Permits whose last day was yesterday and which no clock has marked yet."""
    standing = Permit.objects.get(number="TL-OPPILAITOKSET")
    return Permit.objects.bulk_create(
        Permit(
            number=f"TL-{n:05d}",
            organisation=holder,
            scopes=standing.scopes,
            purposes=standing.purposes,
            legal_bases=standing.legal_bases,
            terms=standing.terms,
            decided_on=date(2026, 1, 1),
            valid_from=date(2026, 1, 1),
            valid_to=TODAY - timedelta(days=1),
        )
        for n in range(count)
    )


def test_an_ended_permit_is_refused_before_any_clock_has_marked_it(cast) -> None:
    permit = factories.permit(cast.school, valid_to=TODAY - timedelta(days=1))
    assert permit.status == "in_force"
    with pytest.raises(Denied, match="päättyi"):
        check_usable(permit, cast.school, TODAY)
    check_usable(permit, cast.school, TODAY - timedelta(days=1))


def test_a_permit_holds_on_its_last_day(cast) -> None:
    factories.permit(cast.school, valid_to=TODAY)
    assert granting.expire_due(TODAY) == 0
    assert granting.expire_due(TODAY + timedelta(days=1)) == 1


def test_a_suspended_permit_expires_too_and_a_revoked_one_stays_revoked(cast) -> None:
    over = {"valid_to": TODAY - timedelta(days=1)}
    suspended = factories.permit(cast.school, status="suspended", **over)
    revoked = factories.permit(cast.school, status="revoked", **over)
    assert granting.expire_due(TODAY) == 1
    assert [Permit.objects.get(pk=one.pk).status for one in (suspended, revoked)] == ["expired", "revoked"]


def test_ten_thousand_permits_end_in_one_run_each_once(cast) -> None:
    ended_permits(cast.school, MANY)
    assert granting.expire_due(TODAY) == MANY
    assert granting.expire_due(TODAY) == 0
    assert Permit.objects.filter(status="expired").count() == MANY
    assert PermitEvent.objects.filter(status="expired").values("permit").distinct().count() == MANY
    assert PermitEvent.objects.filter(status="expired").count() == MANY
    audit = AuditEvent.objects.filter(event="permit.changed", actor="machine")
    assert audit.count() == audit.values("object_id").distinct().count() == MANY
    mails = Job.objects.filter(task="permits.mail")
    assert mails.count() == mails.values("key").distinct().count() == 2 * MANY  # secretary and colleague


def test_a_run_needs_little_memory(cast) -> None:
    ended_permits(cast.school, 2000)
    tracemalloc.start()
    granting.expire_due(TODAY)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2000 * 25_000  # bytes: ten thousand permits take less than a quarter of a gigabyte


def test_the_day_turns_new_versions_in_before_old_ones_end(cast, monkeypatch) -> None:
    monkeypatch.setattr(granting, "today", lambda: TODAY)
    old = factories.permit(cast.school, number="TL-1", valid_to=TODAY - timedelta(days=1))
    factories.permit(cast.school, number="TL-1", version=2, valid_from=TODAY)
    assert tasks.turn_day() == {"begun": 1, "expired": 0}
    assert Permit.objects.get(pk=old.pk).status == "replaced"
    assert tasks.turn_day() == {"begun": 0, "expired": 0}
