"""What a form has sent: fields as they were typed, files on disk, messages beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

MAXIMUM_FIELDS = 2000


class Malformed(Exception):
    """A body that no browser sends: not UTF-8, a NUL byte, a broken multipart."""


class Disconnected(Exception):
    """The visitor went away while sending."""


class TooLarge(Exception):
    """A body beyond what the route takes."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on disk. It is removed after the request unless the handler has moved it elsewhere."""

    path: Path
    filename: str
    media: str
    size_bytes: int


@dataclass(slots=True)
class Form:
    """Fields by name. `form["email"]` is trimmed; `exact` is not (passwords); `all` is every value of a field."""

    raw: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """The first value, trimmed; empty where nothing was sent."""
        values = self.raw.get(name)
        return values[0].strip() if values else ""

    def __contains__(self, name: object) -> bool:
        return name in self.raw

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def get(self, name: str, default: str = "") -> str:
        """The first value, trimmed, or `default` where it is empty or missing."""
        return self[name] or default

    def exact(self, name: str) -> str:
        """The first value as it was typed."""
        values = self.raw.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        """Every value of a repeated field, trimmed."""
        return [value.strip() for value in self.raw.get(name, ())]

    @property
    def values(self) -> dict[str, str]:
        """First values as they were typed: what a page that is shown again puts back into its fields."""
        return {name: values[0] for name, values in self.raw.items()}

    @property
    def is_valid(self) -> bool:
        """Whether no message has been left."""
        return not self.errors

    def refuse(self, name: str, message: str) -> None:
        """Leave a message beside a field; the first one stays."""
        self.errors.setdefault(name, message)


def form_with(values: dict[str, str | list[str]]) -> Form:
    """A form that was not sent: what an edit page begins with."""
    return Form({name: value if isinstance(value, list) else [value] for name, value in values.items()})


def parse_urlencoded(body: bytes) -> Form:
    """Fields of application/x-www-form-urlencoded, as the WHATWG URL standard reads them. Raises Malformed."""
    form = Form()
    if body.count(b"&") >= MAXIMUM_FIELDS:
        raise Malformed("too many fields")
    try:
        text = body.decode("ascii").replace("+", " ")
        # Most of what comes is letters and digits, which are what they say.
        is_clean = "\0" not in text and "\r" not in text
        for pair in filter(None, text.split("&")):
            name, _, value = pair.partition("=")
            if is_clean and "%" not in pair:
                form.raw.setdefault(name, []).append(value)
            else:
                add_field(form, _decoded(name), _decoded(value))
    except UnicodeDecodeError:
        raise Malformed("not a form") from None
    return form


def add_field(form: Form, name: str, value: str) -> None:
    """Put one value in. PostgreSQL's text holds no NUL, and nobody types one. Raises Malformed."""
    if "\0" in value or "\0" in name:
        raise Malformed("a NUL byte")
    if "\r" in value:
        value = value.replace("\r\n", "\n")
    form.raw.setdefault(name, []).append(value)


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode() if "%" in text else text
