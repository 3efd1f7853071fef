"""Every setting of the product, read from the environment once, checked at the edge, and explained in plain words."""

import base64
import binascii
import functools
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from privacy.vault.domain import KeyRing

from . import parsing
from .parsing import KEY_BYTES

SECRETS_FILE = "secrets.json"


class Environment(StrEnum):
    """What this deployment is for."""

    DEVELOPMENT = "development"
    TEST = "test"
    DEMO = "demo"
    PRODUCTION = "production"


class Source(StrEnum):
    """Where a value came from."""

    SET = "set in the environment"
    DEFAULT = "default"
    GENERATED = "generated, kept in the data folder"
    MISSING = "missing"


class BadSettings(Exception):
    """The settings do not allow a start; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment. Secrets do not appear in its repr."""

    environment: Environment
    base_url: str
    host: str
    port: int
    data_path: Path
    database_url: str | None = field(repr=False)
    postgres_bin: Path | None
    media_url: str
    smtp_url: str | None = field(repr=False)
    mail_domain: str
    mail_from: str
    mail_service_from: str
    mail_per_minute: int
    mail_connections: int
    mail_in_doubt: str
    mail_in_doubt_seconds: int
    trusted_proxies: tuple[str, ...]
    plain_http_cookies: bool
    database_secret: bytes = field(repr=False)
    keyring: KeyRing = field(repr=False)
    token_keys: tuple[bytes, ...] = field(repr=False)
    retired_token_keys: tuple[bytes, ...] = field(repr=False)
    struck_keys: tuple[str, ...]
    index_key: bytes = field(repr=False)
    provenance: Mapping[str, Source] = field(repr=False)

    @property
    def is_production(self) -> bool:
        """Whether real people's data is meant to be here."""
        return self.environment is Environment.PRODUCTION

    @property
    def known_token_keys(self) -> tuple[bytes, ...]:
        """What opt-out links and reports may be signed with: every token key there has ever been."""
        return self.token_keys + self.retired_token_keys

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded development one."""
        return self.database_url is None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the README's table of settings."""

    variable: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """How one field is read. default: text that is parsed like the environment's, or None for no value."""

    name: str
    variable: str
    parse: Callable[[str], object]
    default: str | None
    meaning: str
    shown: str = ""
    is_secret: bool = False


ENTRIES = (
    _Entry("environment", "CANDOUR_ENV", Environment, "development", "`development`, `test`, `demo` or `production`"),
    _Entry("base_url", "CANDOUR_BASE_URL", parsing.url, None, "the address people see; links in mail begin with it",
           "`http://127.0.0.1:$PORT`"),
    _Entry("host", "CANDOUR_HOST", parsing.text, "127.0.0.1", "the address to listen on"),
    _Entry("port", "PORT", parsing.port, "8000", "the port to listen on"),
    _Entry("data_path", "CANDOUR_DATA", Path, "./var", "folder for the embedded database, media and generated secrets"),
    _Entry("database_url", "DATABASE_URL", parsing.text, None,
           "PostgreSQL 15 or newer, as a user who may create roles; unset: the embedded one", "embedded"),
    _Entry("postgres_bin", "PG_BIN", Path, None, "folder of PostgreSQL's programs for the embedded database", "found"),
    _Entry("media_url", "CANDOUR_MEDIA_URL", parsing.text, "media://", "object store: `media://` (the data folder), "
           "`s3://…`, `gs://…`, `az://…`"),
    _Entry("smtp_url", "SMTP_URL", parsing.text, None, "mail relay, `smtp://user:password@host:587` or `smtps://…`; "
           "unset: `/dev/mailbox`", "local catcher"),
    _Entry("mail_domain", "CANDOUR_MAIL_DOMAIN", parsing.text, "candour.example", "domain of Message-ID and List-ID"),
    _Entry("mail_from", "CANDOUR_MAIL_FROM", parsing.text, None, "sender of survey mail",
           "`surveys@$CANDOUR_MAIL_DOMAIN`"),
    _Entry("mail_service_from", "CANDOUR_MAIL_SERVICE_FROM", parsing.text, None, "sender of mail about accounts and "
           "memberships", "`service@$CANDOUR_MAIL_DOMAIN`"),
    _Entry("mail_per_minute", "CANDOUR_MAIL_PER_MINUTE", parsing.count, "0", "messages a minute that one worker gives "
           "to the relay; 0: as many as it takes"),
    _Entry("mail_connections", "CANDOUR_MAIL_CONNECTIONS", parsing.count, "5", "connections of a worker to the relay"),
    _Entry("mail_in_doubt", "CANDOUR_MAIL_IN_DOUBT", parsing.resend_or_hold, "resend", "a message of which a crash "
           "left unknown whether the relay took it: `resend` it once with the same Message-ID, or `hold` it"),
    _Entry("mail_in_doubt_seconds", "CANDOUR_MAIL_IN_DOUBT_SECONDS", parsing.count, "900", "how long to wait before "
           "sending such a message again"),
    _Entry("trusted_proxies", "CANDOUR_TRUSTED_PROXIES", parsing.networks, "", "addresses or networks whose "
           "forwarding headers are believed", "none"),
    _Entry("plain_http_cookies", "CANDOUR_PLAIN_HTTP_COOKIES", parsing.yes, "0", "cookies without `Secure`, for work "
           "without TLS; refused in production"),
    _Entry("database_secret", "CANDOUR_DATABASE_SECRET", parsing.key, None, "base64; the roles' passwords are derived "
           "from it", "generated", is_secret=True),
    _Entry("keyring", "CANDOUR_KEKS", parsing.keyring, None, "`2:base64,1:base64`, newest first; they wrap each "
           "person's key", "generated", is_secret=True),
    _Entry("token_keys", "CANDOUR_TOKEN_KEYS", parsing.keys, None, "base64, newest first; they sign links and "
           "reports", "generated", is_secret=True),
    _Entry("retired_token_keys", "CANDOUR_RETIRED_TOKEN_KEYS", parsing.keys_if_any, "", "base64; token keys that sign "
           "nothing any more: opt-out links made with them go on working, and signatures hold, for ever"),
    _Entry("struck_keys", "CANDOUR_STRUCK_KEYS", parsing.words, "", "names of public keys whose secret was stolen: "
           "signatures under them prove nothing", "none"),
    _Entry("index_key", "CANDOUR_INDEX_KEY", parsing.key, None, "base64; finds an address without storing it in clear",
           "generated", is_secret=True),
)  # fmt: skip


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises BadSettings with every problem at once."""
    found = read(environ)
    wrong = problems(found)
    if wrong:
        raise BadSettings(wrong)
    return found


def read(environ: Mapping[str, str]) -> Settings:
    """The settings without judging them, for `doctor`. Raises BadSettings only where a value cannot be read."""
    values: dict[str, object] = {}
    provenance: dict[str, Source] = {}
    unreadable = []
    for entry in ENTRIES:
        raw = environ.get(entry.variable) or None
        provenance[entry.name] = Source.SET if raw else Source.DEFAULT
        try:
            values[entry.name] = _parsed(entry, raw if raw is not None else entry.default)
        except (ValueError, KeyError, binascii.Error):
            unreadable.append(f"{entry.variable} cannot be read: {entry.meaning}")
    if unreadable:
        raise BadSettings(unreadable)
    _fill(values, provenance)
    return Settings(**values, provenance=provenance)  # type: ignore[arg-type]


def _parsed(entry: _Entry, raw: str | None) -> object:
    return None if raw is None else entry.parse(raw)


def _fill(values: dict[str, object], provenance: dict[str, Source]) -> None:
    """Values that follow from others, and the secrets that nobody has set."""
    values["base_url"] = values["base_url"] or f"http://127.0.0.1:{values['port']}"
    values["mail_from"] = values["mail_from"] or f"surveys@{values['mail_domain']}"
    values["mail_service_from"] = values["mail_service_from"] or f"service@{values['mail_domain']}"
    missing = [entry for entry in ENTRIES if entry.is_secret and values[entry.name] is None]
    if not missing:
        return
    is_production = values["environment"] is Environment.PRODUCTION
    # Production gets throw-away values, so that `doctor` can look at the rest; `load` refuses them.
    made = _fresh_secrets() if is_production else _kept_secrets(Path(str(values["data_path"])))
    for entry in missing:
        values[entry.name] = entry.parse(made[entry.variable])
        provenance[entry.name] = Source.MISSING if is_production else Source.GENERATED


def _fresh_secrets() -> dict[str, str]:
    made = {entry.variable: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for entry in ENTRIES
            if entry.is_secret}  # fmt: skip
    made["CANDOUR_KEKS"] = f"1:{made['CANDOUR_KEKS']}"
    return made


def _kept_secrets(data_path: Path) -> dict[str, str]:
    """The data folder's secrets, made on first use. Two processes that start together end with the same ones."""
    path = data_path / SECRETS_FILE
    if not path.exists():
        data_path.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(_fresh_secrets(), file, indent=2)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def problems(settings: Settings) -> list[str]:
    """What keeps these settings from being used, in plain words; nothing outside production."""
    if not settings.is_production:
        return []
    found = []
    if settings.is_embedded:
        found.append("the embedded database is for development: set DATABASE_URL")
    for entry in ENTRIES:
        if entry.is_secret and settings.provenance[entry.name] is not Source.SET:
            found.append(f"{entry.variable} must be set: {entry.meaning}")
    if settings.plain_http_cookies:
        found.append("CANDOUR_PLAIN_HTTP_COOKIES would send sessions in clear: unset it")
    if urlsplit(settings.base_url).scheme != "https":
        found.append("CANDOUR_BASE_URL must begin with https://")
    if settings.smtp_url is None:
        found.append("SMTP_URL must be set: without it no mail leaves this machine")
    if settings.provenance["mail_domain"] is not Source.SET:
        found.append("CANDOUR_MAIL_DOMAIN must be set to a domain of yours")
    return found


def settings_table() -> list[Row]:
    """Every setting, in the order of the README's table."""
    return [
        Row(entry.variable, entry.shown or (f"`{entry.default}`" if entry.default else "none"), entry.meaning)
        for entry in ENTRIES
    ]


@functools.cache
def settings() -> Settings:
    """This process's settings; for the composition roots only, everybody else is given them."""
    return load(os.environ)
