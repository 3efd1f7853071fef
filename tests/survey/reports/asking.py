"""Strangers who ask at /check-report, and openssl, which is asked besides."""

import base64
import subprocess
from collections.abc import Mapping
from ipaddress import IPv6Address
from pathlib import Path
from uuid import uuid4

import httpx

from survey.reports.domain import CHECK_PATH
from tests.web_client import BASE_URL, Site


async def asked(site: Site, files: Mapping[str, tuple[str, bytes]]) -> httpx.Response:
    """The answer to a stranger, who has no cookie and whose network nobody else asks from. files: by field."""
    network = str(IPv6Address(uuid4().int))
    transport = httpx.ASGITransport(app=site.front, client=(network, 1))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        return await client.post(CHECK_PATH, files=files)


def openssl_agrees(key: str, statement: str, signature: str, folder: Path) -> bool:
    """Whether openssl finds the signature good. key and signature: in base64."""
    # RFC 8410: what stands before the 32 bytes of an Ed25519 key in its usual wrapping.
    (folder / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key))
    (folder / "signature").write_bytes(base64.b64decode(signature))
    (folder / "statement").write_bytes(statement.encode())
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.der", "-keyform", "DER", "-rawin"]
    done = subprocess.run([*command, "-in", "statement", "-sigfile", "signature"], cwd=folder, capture_output=True)
    return done.returncode == 0
