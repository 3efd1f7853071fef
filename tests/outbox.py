"""What the outbox would give to the relay: claimed as the worker claims it, composed by the product, as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

from privacy import optouts
from privacy.optouts import Source, StopScope, suppression_key
from survey import worker
from survey.db import Role, transaction
from survey.mail import queries
from survey.mail.composing import Audience, Composer, Composing, composers_of
from survey.mail.domain import Claimed, Outgoing, Withheld
from survey.mail.envelope import letterhead_of
from survey.mail.skeleton import message_of
from survey.settings import Settings
from tests.conftest import NOW

COMPOSERS: Mapping[str, Composer] = composers_of(worker.MAIL)
LEASE = timedelta(days=40)
SOON = timedelta(days=3)
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as its reader sees it, or why there is none. way_out: the address that stops such mail."""

    recipient_id: UUID
    to: str = ""
    subject: str = ""
    text: str = ""
    way_out: str = ""
    withheld: str = ""


async def mails(settings: Settings, affiliate_id: UUID, kind: str, now: datetime = NOW) -> list[Mail]:
    """Messages of a kind that are due within days; whoever has stopped mail, or was told before, gets none."""
    rows: list[Claimed] = []
    looked = AT_ONCE
    # Other tests may have left more behind than one look takes.
    while looked == AT_ONCE:
        async with transaction(Role.WORKER) as here:
            claimed, set_aside = await queries.claim(here, now + SOON, AT_ONCE, now + LEASE, settings.mail_domain)
        rows += [row for row in claimed if row.affiliate_id == affiliate_id and row.kind == kind]
        looked = len(claimed) + set_aside
    if not rows:
        return []
    async with transaction(Role.WORKER, affiliate=affiliate_id) as here:
        made = await COMPOSERS[kind](Composing(here, settings, now), rows)
    return [_mail(settings, each, now) for each in made]


async def stop_mail(settings: Settings, affiliate_id: UUID, address: str, now: datetime = NOW) -> None:
    """Somebody at this address wants no mail any more."""
    async with transaction(Role.DESK, affiliate=affiliate_id) as here:
        key = suppression_key(settings.index_key, address)
        await optouts.stop(here, key, StopScope.EVERYTHING, None, Source.PAGE, now)


def _mail(settings: Settings, made: Outgoing | Withheld, now: datetime) -> Mail:
    row: Claimed = made.row
    if isinstance(made, Withheld):
        return Mail(row.recipient_id, withheld=made.reason)
    is_to_people = COMPOSERS[row.kind].to is Audience.PEOPLE
    content = message_of(made, letterhead_of(settings), now, is_to_people=is_to_people).content
    message: EmailMessage = message_from_bytes(content, policy=default)
    part = message.get_body(("plain",))
    text = " ".join(str(part.get_content()).split()) if part else ""
    way_out = str(message.get("List-Unsubscribe", "")).split(">")[0].removeprefix("<")
    return Mail(row.recipient_id, made.to, str(message["Subject"]), text, way_out)
