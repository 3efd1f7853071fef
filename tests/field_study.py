"""A study in the field, written as the superuser, so that answering is tested and measured alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import httpx

from privacy.tokens import Purpose, sign
from survey.questionnaires.domain import Definition, to_json
from survey.settings import Settings


@dataclass(frozen=True, slots=True)
class Field:
    """A study in the field."""

    affiliate_id: UUID
    study_id: UUID
    definition: Definition
    keys: tuple[bytes, ...]
    owner: asyncpg.Connection

    async def door(self, **columns: object) -> UUID:
        """A new door; columns override the entry's."""
        entry_id = uuid4()
        values = {"id": entry_id, "affiliate_id": self.affiliate_id, "study_id": self.study_id, **columns}
        marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        statement = f"INSERT INTO field.entry ({', '.join(values)}) VALUES ({marks})"
        await self.owner.execute(statement, *values.values())
        return entry_id

    def path(self, entry_id: UUID) -> str:
        """The address of a door."""
        return f"/s/{sign(self.keys, Purpose.SURVEY, entry_id)}"

    async def response(self, entry_id: UUID) -> asyncpg.Record:
        """What is stored behind a door."""
        return await self.owner.fetchrow(
            "SELECT r.* FROM field.response r JOIN field.entry e ON e.response_id = r.id WHERE e.id = $1", entry_id
        )


async def make_study(
    owner: asyncpg.Connection,
    settings: Settings,
    scope: tuple[UUID, datetime],
    definition: Definition,
    **columns: object,
) -> Field:
    """A study in the field with this questionnaire. scope: affiliate and present time; columns override the study's."""
    affiliate_id, now = scope
    client, questionnaire, version, study = (uuid4() for _ in range(4))
    client = await owner.fetchval(
        "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, 'Brightwater Coffee', $3)"
        " ON CONFLICT (affiliate_id, name) DO UPDATE SET status = 'active' RETURNING id",
        client, affiliate_id, now,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO field.questionnaire (id, affiliate_id, name, created_at, changed_at)"
        " VALUES ($1, $2, 'Visits', $3, $3)",
        questionnaire, affiliate_id, now,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO field.questionnaire_version (id, affiliate_id, questionnaire_id, number, definition, frozen_at,"
        " created_at) VALUES ($1, $2, $3, 1, $4::text::jsonb, $5, $5)",
        version, affiliate_id, questionnaire, to_json(definition), now,
    )  # fmt: skip
    values = {
        "id": study, "affiliate_id": affiliate_id, "client_id": client, "version_id": version, "name": "October",
        "title": "Your last visit", "audience_kind": "contacts", "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=10), "invitation_subject": "How was it?", "invitation_body": "Tell us.",
        "status": "live", "created_at": now, **columns,
    }  # fmt: skip
    marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await owner.execute(f"INSERT INTO field.study ({', '.join(values)}) VALUES ({marks})", *values.values())
    return Field(affiliate_id, study, definition, settings.token_keys, owner)


def fill(definition: Definition, section: int) -> dict[str, list[str]]:
    """A plain answer to every question of a section, as a form sends it."""
    filled: dict[str, list[str]] = {"go": ["on"]}
    for item in definition.sections[section].items:
        filled["shown"] = [*filled.get("shown", []), item.id]
        match item.kind.value:
            case "single" | "multiple":
                filled[item.id] = [item.choices[0].code]
            case "scale" | "nps":
                filled[item.id] = ["4"]
            case "number":
                filled[item.id] = [str(int(item.minimum or 1))]
            case "date":
                filled[item.id] = ["2026-11-20"]
            case "time":
                filled[item.id] = ["7:52 pm"]
            case "money":
                filled[item.id] = ["6.95"]
            case "matrix":
                filled |= {f"{item.id}-{row.code}": [item.choices[0].code] for row in item.rows}
            case _:
                filled[item.id] = [f"Words about {item.id}"]
    return filled


def encoded(form: dict[str, list[str]]) -> bytes:
    """The form as a browser encodes it."""
    return str(httpx.QueryParams([(name, value) for name, values in form.items() for value in values])).encode()


FORM = {"content-type": "application/x-www-form-urlencoded"}
