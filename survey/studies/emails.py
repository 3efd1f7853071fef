"""A message of a study as a test: to the account that asked for it, with nobody's data in it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from privacy.vault import Place, data_keys, unseal_text
from survey.accounts.domain import EMAIL
from survey.db import Scope
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Claimed, Outgoing, Transactional, Withheld

from . import queries, service
from .domain import SAMPLE, Edition, Message, Study, composition
from .service import TEST_KIND

WHY = "This is a test. You get it because you asked for it in Candour; nobody else does."


@composer(
    TEST_KIND, to=Audience.ACCOUNTS, about="a trial message of a survey, sent to the member of staff who asked for it"
)
async def compose_test(composing: Composing, rows: Sequence[Claimed]) -> list[Outgoing | Withheld]:
    """Tests are rare: each is written by itself."""
    addresses = await _addresses(composing, [row.recipient_id for row in rows])
    ids = list({UUID(str(row.context["study_id"])) for row in rows})
    found = await queries.studies_by_id(composing.connection, rows[0].affiliate_id, ids)
    scope = Scope(rows[0].affiliate_id, actor_kind="system")
    editions = {study.id: await service.edition_of(scope, study) for study in found.values()}
    return [_test(composing, row, addresses.get(row.recipient_id), found, editions) for row in rows]


def _test(
    composing: Composing,
    row: Claimed,
    address: str | None,
    studies: dict[UUID, Study],
    editions: dict[UUID, Edition],
) -> Outgoing | Withheld:
    study = studies.get(UUID(str(row.context["study_id"])))
    if study is None or address is None:
        return Withheld(row, "the draft or the account is gone")
    made = composition(editions[study.id], Message(str(row.context["message"])))
    letter = replace(made.letter, subject=f"TEST: {made.letter.subject}")
    frame = Transactional(editions[study.id].sender, WHY)
    url = f"{composing.settings.base_url}/questionnaires/{study.questionnaire_id}/preview"
    return Outgoing(row, address, letter, frame, made.values(SAMPLE, url))


async def _addresses(composing: Composing, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    sealed = await queries.sealed_addresses(composing.connection, account_ids)
    keys = await data_keys(composing.connection, composing.settings.keyring, list(sealed))
    return {own: unseal_text(key, Place(EMAIL, own, own), sealed[own]) for own, key in keys.items()}
