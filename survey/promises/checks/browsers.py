"""Promises about the browser and the log: no third party, a cookie for one survey only, a log that does not tell."""

import re
from collections.abc import Iterator
from pathlib import Path

from privacy.crypto import random_bytes, random_id
from privacy.tokens import Purpose, sign
from survey.responses.domain import cookie
from survey.web.headers import CONTENT_SECURITY_POLICY
from survey.web.logs import redact, scrubbed
from survey.web.rendering import TEMPLATES

from ..domain import Found
from .deployment import Deployment

STATIC = TEMPLATES.parent / "static"
# Attributes and functions that make a browser fetch something by itself. Links that people follow are not among them.
FETCHED = re.compile(
    r"""(?:\bsrc(?:set)?\s*=\s*|<link\b[^>]*\bhref\s*=\s*|\burl\(\s*|@import\s+)["']?((?:https?:)?//[^"'\s)>]+)""",
    re.IGNORECASE,
)
OWN_SOURCES = frozenset({"'none'", "'self'", "data:"})
PERSISTENT = ("expires=", "max-age=")


async def no_third_party(deployment: Deployment) -> Found:
    """Read every template and stylesheet for what a browser would fetch from elsewhere, and the policy it is sent."""
    files = [*_files(TEMPLATES, ".html", ".txt"), *_files(STATIC, ".css")]
    faults = [f"{file.name} fetches from another host" for file in files if FETCHED.search(file.read_text("utf-8"))]
    sources = {word for part in CONTENT_SECURITY_POLICY.split(";") for word in part.split()[1:]}
    if foreign := sources - OWN_SOURCES:
        faults.append(f"the content security policy allows {', '.join(sorted(foreign))}")
    return Found(f"{len(files)} templates and stylesheets, and the policy that browsers are sent", tuple(faults))


async def cookie_of_one_survey(deployment: Deployment) -> Found:
    """Make the cookie of an answering browser as the product does, and read what it says."""
    token = sign(deployment.settings.token_keys, Purpose.SURVEY, random_id())
    made = cookie(token, random_bytes(24).hex()).decode("ascii")
    attributes = {part.strip().casefold() for part in made.split(";")[1:]}
    wanted = {f"path=/s/{token}".casefold(), "secure", "httponly", "samesite=lax"}
    faults = [f"the cookie lacks {name.partition('=')[0]}" for name in sorted(wanted - attributes)]
    if any(part.startswith(PERSISTENT) for part in attributes):
        faults.append("the cookie outlives the browser")
    return Found("made one and read it: only for its own survey, gone when the browser closes", tuple(faults))


async def log_tells_nothing(deployment: Deployment) -> Found:
    """Plant a link and an address into a log entry, and look through the logs that are here for others."""
    link = f"/s/{sign(deployment.settings.token_keys, Purpose.SURVEY, random_id())}"
    planted = {"path": link, "note": f"somebody@example.org opened {link}", "email": "somebody@example.org"}
    written = str(redact(None, "info", dict(planted)))
    faults = []
    if "somebody@example.org" in written or link in written:
        faults.append("an address or a link that is given to the log stands in it")
    lines = 0
    for file in _files(deployment.settings.data_path / "logs", ".log"):
        for line in file.read_text("utf-8", "replace").splitlines():
            lines += 1
            if scrubbed(line) != line:
                faults.append(f"{file.name} holds an address or a link (line {lines})")
                break
    return Found(f"planted an address and a link: both withheld; {lines:,} lines of logs hold neither", tuple(faults))


def _files(folder: Path, *endings: str) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in endings)
