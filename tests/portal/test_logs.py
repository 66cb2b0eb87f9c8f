"""No identity code comes out in a log, from whichever code."""

import io
import json
import logging
import logging.config

import pytest
import structlog

from portal.logs import REDACTED, logging_settings, redact

CODE = "010594Y9032"


@pytest.fixture
def log() -> io.StringIO:
    """What the service's handler writes."""
    config = logging_settings("INFO")["formatters"]["json"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config.pop("()")(**config))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream  # type: ignore[misc]
    root.removeHandler(handler)


def test_our_own_log_lines_are_redacted(log: io.StringIO) -> None:
    structlog.get_logger("portal").warning("row " + CODE, cell=CODE, nested={"list": [CODE], CODE: 1})
    assert CODE not in log.getvalue()
    assert json.loads(log.getvalue())["event"] == f"row {REDACTED}"


@pytest.mark.parametrize("name", ["django.request", "celery.task", "allauth", "a.library"])
def test_libraries_log_lines_are_redacted(log: io.StringIO, name: str) -> None:
    logging.getLogger(name).error("bad value %s", CODE)
    assert CODE not in log.getvalue()
    assert json.loads(log.getvalue())["level"] == "error"


def test_tracebacks_are_redacted(log: io.StringIO) -> None:
    try:
        raise ValueError(CODE)
    except ValueError:
        logging.getLogger("django.request").exception("failed")
    assert CODE not in log.getvalue()
    assert "ValueError" in log.getvalue()


@pytest.mark.parametrize(
    "code", [CODE, "010594-903k", "131052-308T", "010203A950P", "010203+950P", "010203F950P"]
)
def test_every_form_of_code_is_redacted(code: str) -> None:
    assert redact(f"x{code}y, {code}") == f"x{REDACTED}y, {REDACTED}"


@pytest.mark.parametrize("name", ["django", "django.server", "gunicorn.error", "gunicorn.access"])
def test_no_logger_has_a_handler_that_goes_past_the_redaction(name: str) -> None:
    logger = logging.getLogger(name)
    logger.addHandler(logging.StreamHandler())
    config = logging_settings("INFO")
    del config["root"]  # the test run's own handlers stay
    logging.config.dictConfig(config)
    assert logger.handlers == []
    assert logger.propagate


def test_ids_and_hashes_are_kept() -> None:
    ids = "aa123456-1234-4abc-8def-123456789012 123456a1234567890abcdef1234567890"
    assert redact(ids) == ids
