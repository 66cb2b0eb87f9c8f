"""What the clock is set to do: every entry is a task that a worker knows."""

import pytest
from django.conf import settings

from portal.celery import app


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=lambda entry: entry["task"])
def test_a_worker_knows_each_task_of_the_clock(entry: dict[str, object]) -> None:
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
