"""The Celery application. PostgreSQL holds the jobs; Celery only carries their numbers (see outbox)."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def remove_leftovers(**kwargs: Any) -> None:
    """A worker that was killed may have left plaintext behind."""
    from portal.storage import sweep_private_folders

    sweep_private_folders()
