"""Logs: one JSON object a line, from our code and from libraries, and never personal data in it.

An error's own text may quote what it failed on (a cell, a row of a table): of most errors only the kind is
logged, and where it happened.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

REDACTED = "[redacted]"

_HEX = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}"
_CODE = r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]"
_HEX_OR_CODE = re.compile(rf"(?P<hex>{_HEX})|(?i:{_CODE})")


def redact(text: str) -> str:
    """The text without anything that looks like a personal identity code (henkilötunnus).

    Ids and hashes are kept, for their digits can look like one by chance.
    """
    return _HEX_OR_CODE.sub(lambda found: found["hex"] or REDACTED, text)


def redact_line(logger: Any, method: str, line: str) -> str:
    """The last processor: it sees the whole line, tracebacks and libraries' messages included."""
    return redact(line)


TEXT_OF = (OSError, ImportError, ImproperlyConfigured, OperationalError)
TEXT_FROM = frozenset({"botocore", "kombu", "redis"})
"""The errors, and the libraries, whose texts tell of machines and never of data."""


def describe_error(error: BaseException) -> str:
    """The kind of an error, with its text only where that can hold no data."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    keeps_text = isinstance(error, TEXT_OF) or kind.__module__.partition(".")[0] in TEXT_FROM
    return f"{name}: {error}" if keeps_text else name


def traceback_without_texts(exc_info: Any) -> str:
    """Where an error and its causes happened, causes first: lines of code, never a value."""
    parts = []
    for error in _with_causes(exc_info[1]):
        parts.append("".join(traceback.format_tb(error.__traceback__)) + describe_error(error))
    return "\n\n".join(reversed(parts))


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


class WithoutErrorTexts(logging.Filter):
    """Errors among a message's arguments are told by their kind; Celery's `exc` is one, made text already."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args
        if isinstance(arguments, dict):
            error = record.exc_info[1] if record.exc_info else None
            texts = {"exc": describe_error(error), "traceback": ""} if error and "exc" in arguments else {}
            record.args = {name: _without_text(value) for name, value in arguments.items()} | texts
        elif arguments:
            record.args = tuple(_without_text(value) for value in arguments)
        return True


def _without_text(value: Any) -> Any:
    return describe_error(value) if isinstance(value, BaseException) else value


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(traceback_without_texts),
]


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error through one formatter, in web and worker."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            redact_line,
        ],
    }
    through_root = {"handlers": [], "propagate": True}
    own_handlers = ["django", "django.server", "gunicorn.error", "gunicorn.access"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "filters": {"errors": {"()": WithoutErrorTexts}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["errors"]}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": dict.fromkeys(own_handlers, through_root),  # theirs would go past the formatter
    }
