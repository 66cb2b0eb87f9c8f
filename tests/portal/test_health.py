"""The health page: is the database there, and do jobs wait."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.models import Job


@pytest.mark.django_db
def test_nothing_waits(client: Client) -> None:
    response = client.get("/health/")
    assert response.json() == {"database": "ok", "oldest_waiting_job_seconds": None}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_the_oldest_waiting_job_is_told_and_those_done_or_not_due_are_not(client: Client) -> None:
    now = timezone.now()
    for key, due, done in (("a", -90, None), ("b", -30, None), ("c", -900, now), ("d", 60, None)):
        Job.objects.create(task="test", key=key, run_after=now + timedelta(seconds=due), done_at=done)
    assert 90 <= client.get("/health/").json()["oldest_waiting_job_seconds"] <= 95


def test_a_database_that_is_away_is_told_with_503(client: Client, django_db_blocker, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
        response = client.get("/health/")
        connection.close()
    assert (response.status_code, response.json()["database"]) == (503, "away")


@pytest.mark.django_db
def test_it_answers_without_session_or_sign_in(client: Client) -> None:
    assert not client.get("/health/").cookies
