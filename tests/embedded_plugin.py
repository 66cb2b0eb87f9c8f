"""Starts real PostgreSQL and Redis for the test run before Django reads its settings."""

import os
import warnings

import pytest

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
TEST_SETTINGS = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "EMAIL_URL": "memory://",
    "JOB_SWEEP_SECONDS": "0.2",
    "SECURE_COOKIES": "0",
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    from portal.embedded import EmbeddedServers

    servers = EmbeddedServers().start()
    os.environ.update(servers.environment)
    for name, value in TEST_SETTINGS.items():
        os.environ.setdefault(name, value)
    early_config.add_cleanup(servers.stop)
