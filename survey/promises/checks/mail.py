"""Promises about mail: the way out is in every message, and it works for ever."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from uuid import UUID

from asyncpg import Record

from privacy.crypto import random_id
from privacy.optouts import suppression_key
from privacy.vault import DataKey, Place, data_keys, unseal_text
from survey.db import Role, transaction
from survey.mail.checking import code_index, code_of
from survey.mail.domain import Bulk, Claimed, EnvelopeIncomplete, Letter, Outgoing, Paragraph, Sender
from survey.mail.envelope import letterhead_of
from survey.mail.skeleton import message_of
from survey.mail.tables import CODES

from .. import queries
from ..domain import Found
from .deployment import Deployment

SAMPLE = 200
CONTACT_EMAIL = "identity.contact.email"
SAMPLE_ID = "sample@example.org"
ONE_CLICK = "List-Unsubscribe=One-Click"
EVIDENCE = ["ledger.opt_out", "ledger.opt_out_link", "ledger.consent", "ledger.event", "ledger.disclosure",
            "ledger.promise_check"]  # fmt: skip


async def way_out(deployment: Deployment) -> Found:
    """Compose a message as the product does, and look for every way out; try one that has none."""
    faults = [*_faults_of_sample(deployment), *_taken_without(deployment)]
    async with transaction(Role.WORKER) as here:
        sent = await queries.count(here, "ops.delivery", "state = 'sent'")
        without = await queries.count(
            here, "ops.delivery", "opt_out_link_id IS NULL AND (is_bulk OR state IN ('sending', 'sent'))"
        )
    if without:
        faults.append(f"{without} messages have no opt-out link")
    return Found(f"composed a sample; {sent:,} messages that were sent have a link of their own", tuple(faults))


async def can_be_checked(deployment: Deployment) -> Found:
    """Compose a message and look for its code; then look whether we would know the messages that were sent last."""
    now, key = datetime.now(UTC), deployment.settings.index_key
    message = message_from_bytes(_sample(deployment, random_id()), policy=policy.default)
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    code = code_of(key, SAMPLE_ID)
    faults = [
        f"the {kind} part shows no code" for kind, part in parts.items() if not part or code not in part.get_content()
    ]
    async with transaction(Role.WORKER) as here:
        sent = await queries.sent_with_codes(here, now - timedelta(days=(CODES.days or 0) - 1), SAMPLE)
        unknown = await queries.codes_unknown(here, [code_index(key, code_of(key, each)) for each in sent])
        stray = await queries.codes_unknown(here, [code_index(key, code)])
    if unknown:
        faults.append(f"messages that we sent and would call forged: {unknown}")
    if not stray:
        faults.append("a message that was never sent would be called ours")
    return Found(f"composed a sample; of the {len(sent)} messages sent last we know each", tuple(faults))


async def nothing_after_stop(deployment: Deployment) -> Found:
    """Look for mail that waits for, or has gone to, somebody who had stopped it."""
    async with transaction(Role.WORKER) as here:
        waiting = await queries.stopped_and_queued(here)
        sent = await queries.sent_after_stop(here)
        stops = await queries.count(here, "ledger.opt_out", "lifts IS NULL")
    faults = [f"{waiting} messages wait for people who stopped them"] if waiting else []
    faults += [f"{sent} messages went out after their receivers had stopped them"] if sent else []
    return Found(f"{stops:,} stops, no message against any of them", tuple(faults))


async def stop_outlives_erasure(deployment: Deployment) -> Found:
    """A stop is found by the address alone, and no role of a process can remove or change it."""
    async with transaction(Role.WORKER) as here:
        faults = await queries.names(here, queries.ERASABLE_EVIDENCE, EVIDENCE)
        contacts = await queries.contacts_with_stops(here, SAMPLE)
        keys = await data_keys(here, deployment.settings.keyring, [row["id"] for row in contacts])
    wrong = sum(1 for row in contacts if not _is_found_by_address(deployment, row, keys.get(row["id"])))
    if wrong:
        faults.append(f"{wrong} stops would not be found again by their addresses")
    return Found(f"no role can remove a stop; {len(contacts)} were found again by address alone", tuple(faults))


def _is_found_by_address(deployment: Deployment, row: Record, key: DataKey | None) -> bool:
    if key is None:
        return False
    address = unseal_text(key, Place(CONTACT_EMAIL, row["id"], row["id"]), row["email"])
    return bool(suppression_key(deployment.settings.index_key, address) == row["suppression_key"])


def _sample(deployment: Deployment, link_id: UUID | None) -> bytes:
    row = Claimed(
        id=random_id(), affiliate_id=random_id(), campaign_id=random_id(), recipient_id=random_id(), kind="invitation",
        is_bulk=True, client_id=random_id(), opt_out_link_id=link_id, context={}, message_id=SAMPLE_ID,
        attempts=0,
        in_doubt=0, claims=1,
    )  # fmt: skip
    sender = Sender("Sample", "1 Sample Street", "office@example.org")
    frame = Bulk(sender, "You are on a list.", "Sample", "Samples", random_id())
    outgoing = Outgoing(row, "somebody@example.org", Letter("Subject", (Paragraph("Words"),)), frame)
    return message_of(outgoing, letterhead_of(deployment.settings), datetime.now(UTC), is_to_people=True).content


def _faults_of_sample(deployment: Deployment) -> list[str]:
    message = message_from_bytes(_sample(deployment, random_id()), policy=policy.default)
    url = f"{deployment.settings.base_url}/o/"
    faults = []
    if url not in str(message["List-Unsubscribe"] or ""):
        faults.append("the header List-Unsubscribe is missing")
    if str(message["List-Unsubscribe-Post"] or "") != ONE_CLICK:
        faults.append("the header List-Unsubscribe-Post is missing")
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        if part is None or url not in str(part.get_content()):
            faults.append(f"the {kind} part shows no way out")
    return faults


def _taken_without(deployment: Deployment) -> list[str]:
    try:
        _sample(deployment, None)
    except EnvelopeIncomplete:
        return []
    return ["a message without an opt-out link was composed"]
