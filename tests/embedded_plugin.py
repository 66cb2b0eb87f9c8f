"""Starts real PostgreSQL and Redis for the test run before Django reads its settings."""

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    from portal.embedded import EmbeddedServers

    servers = EmbeddedServers().start()
    os.environ.update(servers.environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
    os.environ.setdefault("SECURE_COOKIES", "0")
    os.environ.setdefault("EMAIL_URL", "locmem://")
    os.environ.setdefault("JOB_SWEEP_SECONDS", "0.2")
