"""No identity code comes out in a log, from whichever code."""

import io
import json
import logging
import logging.config

import duckdb
import pytest
import structlog
from celery import Celery

from portal.logs import REDACTED, WithoutErrorTexts, logging_settings, redact

CODE = "010594Y9032"
NAME = "Meikäläinen"


@pytest.fixture
def log() -> io.StringIO:
    """What the service's handler writes."""
    config = logging_settings("INFO")["formatters"]["json"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config.pop("()")(**config))
    handler.addFilter(WithoutErrorTexts())
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


def test_a_cell_that_an_error_quotes_is_not_logged(log: io.StringIO) -> None:
    try:
        with pytest.raises(duckdb.Error, match=NAME) as quoting:
            duckdb.execute("SELECT CAST(? AS DATE)", [NAME])
        raise ValueError(f"row of {NAME}") from quoting.value
    except ValueError as error:
        logging.getLogger("django.request").exception("failed: %s", error)
        structlog.get_logger("portal").error("failed", exc_info=True)
    assert NAME not in log.getvalue()
    first = json.loads(log.getvalue().splitlines()[0])
    assert first["event"] == "failed: ValueError"
    assert "ConversionException" in first["exception"]
    assert "test_logs.py" in first["exception"]


def test_a_task_that_fails_logs_the_kind_of_its_error_alone(log: io.StringIO) -> None:
    app = Celery("test", broker="memory://", set_as_current=False)

    @app.task
    def failing() -> None:
        raise ValueError(NAME)

    failing.apply()
    assert NAME not in log.getvalue()
    assert "raised unexpected: ValueError" in json.loads(log.getvalue())["event"]


def test_what_an_error_says_of_a_machine_is_logged(log: io.StringIO) -> None:
    try:
        raise ConnectionRefusedError("no answer from the database")
    except ConnectionRefusedError:
        logging.getLogger("portal").exception("failed")
    assert "no answer from the database" in log.getvalue()


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
