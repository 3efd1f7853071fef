"""Promises about what lies in the database: sealed for one row of one person, and evidence that nobody can edit."""

from dataclasses import dataclass
from uuid import UUID

from asyncpg import Connection, Record

from privacy import audit
from privacy.crypto import random_id
from privacy.errors import SealBroken
from privacy.inventory import Erase, Personal, data_map
from privacy.vault import DataKey, Place, data_keys, new_data_key, seal, unseal
from survey.db import Role, transaction

from .. import queries
from ..domain import Found
from ..inventory import every_table
from .deployment import Deployment

SAMPLE = 100
PLANTED = b"canary that must not be readable"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column: its relation and name, the column of its row's id, and the one that names it more exactly.

    subject: the column of the key's id, where the row has an id of its own.
    """

    relation: str
    name: str
    key: str = "id"
    part: str = ""
    subject: str = ""


SEALED = (
    Sealed("identity.contact", "email"),
    Sealed("identity.contact", "first_name"),
    Sealed("identity.contact", "last_name"),
    Sealed("identity.contact", "details"),
    Sealed("identity.panelist", "email"),
    Sealed("identity.panelist", "first_name"),
    Sealed("identity.account", "email"),
    Sealed("identity.account", "name"),
    Sealed("identity.account", "totp_secret"),
    Sealed("identity.shopper", "name"),
    Sealed("identity.shopper", "email"),
    Sealed("identity.shopper", "phone"),
    Sealed("identity.shopper", "address"),
    Sealed("identity.email_change", "email", "shopper_id"),
    Sealed("identity.profile_answer", "sealed", "shopper_id", "field_id"),
    Sealed("identity.qualification", "reason", subject="shopper_id"),
    Sealed("identity.document", "reason", subject="shopper_id"),
    Sealed("identity.sign_in_change", "email", subject="account_id"),
    Sealed("identity.sign_in_change", "old_email", subject="account_id"),
    Sealed("identity.payout", "handle", "shopper_id"),
    Sealed("identity.tax_identity", "number"),
    Sealed("identity.deactivation", "reason", "shopper_id", "id"),
    Sealed("identity.deactivation", "contest", "shopper_id", "id"),
    Sealed("identity.restriction", "words", subject="shopper_id"),
    Sealed("identity.restriction", "answer", subject="shopper_id"),
    Sealed("identity.application", "note", subject="shopper_id"),
    Sealed("identity.conflict", "company", subject="shopper_id"),
    Sealed("identity.extension", "note", subject="shopper_id"),
    Sealed("identity.mark", "contest_words", subject="shopper_id"),
    Sealed("identity.message", "body", subject="shopper_id"),
    Sealed("field.verbatim", "sealed", "response_id", "question_id"),
    Sealed("field.report_text", "sealed", "report_id", "question_id"),
    Sealed("field.report_submission", "sealed", "report_id", "number"),
    Sealed("field.report_edit", "old_sealed", "report_id", "question_id"),
    Sealed("field.report_edit", "new_sealed", "report_id", "question_id"),
    Sealed("field.report_edit", "reason", "report_id", "question_id"),
    Sealed("field.finding_left", "reason", "report_id", "question_id"),
    Sealed("field.report_note", "note", "report_id", "question_id"),
    Sealed("field.review", "coaching", "report_id"),
    Sealed("field.review", "proposed_words", "report_id"),
    Sealed("field.review_decision", "words", "report_id", "n"),
    Sealed("field.rejection_contest", "words", subject="report_id"),
    Sealed("field.rejection_contest", "answer", subject="report_id"),
    Sealed("field.appeal_question", "asked", subject="report_id"),
    Sealed("field.appeal_question", "answer", subject="report_id"),
    Sealed("field.employee_mention", "name", subject="report_id"),
    Sealed("field.employee_mention", "description", subject="report_id"),
)


async def sealed_as_promised(deployment: Deployment) -> Found:
    """Open samples of every sealed column with the right key, and see that they open for no other row."""
    faults = [f"{place} is shredded on erasure but not looked at here" for place in _forgotten()]
    looked = 0
    async with transaction(Role.WORKER) as here:
        for column in SEALED:
            values, wrong = await _judged(deployment, here, column)
            looked += values
            if wrong:
                faults.append(f"{wrong} values of {column.relation}.{column.name} are not sealed for their rows")
    if not _is_canary_hidden(deployment):
        faults.append("sealing leaves the text readable")
    return Found(f"opened {looked:,} values with their own keys; none is readable without", tuple(faults))


async def chain_unbroken(deployment: Deployment) -> Found:
    """Lay the chain over what was recorded since, then walk along all of it."""
    async with transaction(Role.WORKER) as here:
        while await audit.chain(here):
            pass
        verdict = await audit.verify_chain(here)
    faults = () if verdict.ok else (f"the record of events was changed after link {verdict.events:,}",)
    return Found(f"walked along {verdict.events:,} events; each follows from the one before", faults)


async def _judged(deployment: Deployment, here: Connection, column: Sealed) -> tuple[int, int]:
    """How many values were looked at, and how many of them are not as promised."""
    wanted = (column.relation, column.name, column.key, column.part or column.key, column.subject or column.key)
    rows = await queries.sealed_sample(here, wanted, SAMPLE)
    keys = await data_keys(here, deployment.settings.keyring, [row["subject"] for row in rows])
    wrong = sum(1 for row in rows if not _is_good(keys.get(row["subject"]), column, row))
    return len(rows), wrong


def _is_good(key: DataKey | None, column: Sealed, row: Record) -> bool:
    name = f"{column.relation}.{column.name}" + (f"#{row['part']}" if column.part else "")
    sealed: bytes = row["sealed"]
    if key is None:
        return False
    try:
        opened = unseal(key, Place(name, row["id"], row["subject"]), sealed)
    except SealBroken:
        return False
    return not _opens_elsewhere(key, name, row["subject"], sealed) and (
        len(opened) < len(b"abcd") or opened not in sealed
    )


def _opens_elsewhere(key: DataKey, name: str, subject_id: UUID, sealed: bytes) -> bool:
    try:
        unseal(key, Place(name, random_id(), subject_id), sealed)
    except SealBroken:
        return False
    return True


def _is_canary_hidden(deployment: Deployment) -> bool:
    subject = random_id()
    key, _ = new_data_key(deployment.settings.keyring, subject)
    return PLANTED not in seal(key, Place("a.b.c", subject, subject), PLANTED)


def _forgotten() -> list[str]:
    known = {f"{column.relation}.{column.name}" for column in SEALED}
    return [
        column.place
        for column in data_map(every_table())
        if isinstance(column.declaration, Personal)
        and column.declaration.on_erase is Erase.SHRED
        and column.place not in known
    ]
