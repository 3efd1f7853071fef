"""People who got a message and ask whether it is ours, each from a network address of their own."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import httpx

from survey.db import Role, transaction
from survey.mail import checking
from survey.mail.domain import Claimed, Letter, Outgoing, Paragraph, Sender, Transactional
from survey.settings import Settings
from tests.conftest import NOW
from tests.web_client import BASE_URL, Site

ABOUT = "an offer of a mystery shop"
SENDER = "Kestrel Field Research"


@dataclass(frozen=True, slots=True)
class Got:
    """A message that was sent: its code, where it went, and to whom."""

    code: str
    address: str
    affiliate_id: UUID
    recipient_id: UUID


@dataclass(frozen=True)
class Reader:
    """Somebody at a network address of their own, without a cookie."""

    site: Site
    network_address: str = field(default_factory=lambda: str(uuid4()))

    async def asks(self, code: str, address: str = "") -> httpx.Response:
        """Type a code, and perhaps where the message came."""
        async with self._client() as client:
            return await client.post("/check-mail", data={"code": code, "address": address})

    async def opens(self, query: str = "") -> httpx.Response:
        """Open the page."""
        async with self._client() as client:
            return await client.get(f"/check-mail{query}")

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.site.front, client=(self.network_address, 1))  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL)


async def a_message(
    settings: Settings, affiliate_id: UUID, now: datetime = NOW, address: str = "", recipient_id: UUID | None = None
) -> Got:
    """A message that goes out, kept as the sender keeps it."""
    address = address or f"{uuid4().hex}@example.net"
    row = Claimed(
        id=uuid4(), affiliate_id=affiliate_id, campaign_id=uuid4(), recipient_id=recipient_id or uuid4(),
        kind="shop-offer", is_bulk=False, client_id=uuid4(), opt_out_link_id=uuid4(), context={},
        message_id=f"{uuid4()}@candour.test", attempts=0, in_doubt=0, claims=1,
    )  # fmt: skip
    frame = Transactional(Sender(SENDER, "Kestrel House, Testford", "office@kestrel.test"), "You make shops.")
    outgoing = Outgoing(row, address, Letter("A shop", (Paragraph("Words"),)), frame)
    async with transaction(Role.WORKER) as here:
        await checking.issue(here, [checking.issued(outgoing, ABOUT, settings.index_key, now)])
    code = checking.code_of(settings.index_key, row.message_id)
    return Got(code, address, affiliate_id, row.recipient_id)


def wrong(code: str) -> str:
    """The code with one other character."""
    return code[:-1] + ("7" if code[-1] != "7" else "8")
