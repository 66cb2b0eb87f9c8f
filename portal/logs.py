"""Logs: one JSON object a line, from our code and from libraries, and never an identity code in it."""

import re
from typing import Any

import structlog

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


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
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
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": dict.fromkeys(own_handlers, through_root),  # theirs would go past the formatter
    }
