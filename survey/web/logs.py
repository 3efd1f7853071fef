"""What the processes write: one JSON object a line, and a second fence against values that must not be there."""

import re
import sys
from collections.abc import MutableMapping
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


def configure_logs(file: BinaryIO | None = None) -> None:
    """Log to standard output, as every process of ours does, or to the file."""
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
