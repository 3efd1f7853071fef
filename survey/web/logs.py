"""What the processes write: one JSON object a line, and a second fence against values that must not be there."""

import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec
import structlog

WITHHELD = "(withheld)"

# Names under which a library might hand us what a person has typed or carries.
_NAMES = frozenset(
    {"body", "form", "cookies", "cookie", "headers", "path", "url", "query", "query_string", "token", "password",
     "email", "address", "client", "authorization", "path_params", "exception", "exc_info", "detail"}
)  # fmt: skip
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{21,}\.[A-Za-z0-9_.-]{6,}")
_NETWORK_4 = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_NETWORK_6 = re.compile(r"\b[0-9a-fA-F]{1,4}(?:::?[0-9a-fA-F]{1,4}){3,7}\b")

_encoder = msgspec.json.Encoder(enc_hook=str)
_writers: list[structlog.BytesLogger] = []


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the access log. The fields are words of our own and numbers, so that no fence has to search them.

    route: the template, never the path; method: one of the few that exist; ms: until the answer had been sent.
    """

    route: str
    method: str
    status: int
    ms: float
    event: str = "request"
    level: str = "info"
    timestamp: datetime


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Withhold fields by name, and addresses and tokens wherever they stand."""
    for name, value in event.items():
        if name in _NAMES:
            event[name] = WITHHELD
        elif isinstance(value, str) and len(value) > 5:
            event[name] = scrubbed(value)
    return event


def scrubbed(text: str) -> str:
    """The text without e-mail addresses, signed tokens and network addresses."""
    if "@" in text:
        text = _ADDRESS.sub(WITHHELD, text)
    if "." in text:
        text = _NETWORK_4.sub(WITHHELD, _TOKEN.sub(WITHHELD, text))
    if ":" in text:
        text = _NETWORK_6.sub(WITHHELD, text)
    return text


def write_access(route: str, method: str, status: int, ms: float) -> None:
    """One line of the access log; nothing in a process whose logs nobody has configured.

    Past structlog's chain, which would take longer than some pages: see `Line`.
    """
    line = Line(route=route, method=method, status=status, ms=ms, timestamp=datetime.now(UTC))
    for writer in _writers:
        writer.info(_encoder.encode(line))


class Relayed(logging.Handler):
    """What a library says by Python's own logging, in our lines: its words, and of an error no more than the kind."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down."""
        kind = record.exc_info[0] if record.exc_info else None
        structlog.get_logger(record.name).log(
            record.levelno,
            record.getMessage().strip(),
            logger=record.name,
            **({"kind": kind.__qualname__} if kind else {}),
        )


def configure_logs(file: BinaryIO | None = None) -> None:
    """Log to standard output, as every process of ours does, or to the file."""
    _writers[:] = [structlog.BytesLogger(file or sys.stdout.buffer)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            redact,
            # After the fence, which would search every time of day for network addresses.
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=lambda event, **_: _encoder.encode(event)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.BytesLoggerFactory(file or sys.stdout.buffer),
        cache_logger_on_first_use=file is None,
    )
