"""The bottom layer that every app may use, and the top-level addresses."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
