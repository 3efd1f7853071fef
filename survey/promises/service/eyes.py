"""Whose eyes a run takes: people who are there, so that nobody has to be made up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Connection, Record

from survey.clients.domain import Level

from ..domain.proof import Eye
from ..queries import sought as queries

VIEWER = "client_viewer"
IN_A_REGION = (Level.REGION, Level.DISTRICT)


@dataclass(frozen=True, slots=True)
class Looker:
    """One pair of eyes. account_id: None for a stranger; path and client_id: what a client's viewer may read."""

    eye: Eye
    account_id: UUID | None = None
    affiliate_id: UUID | None = None
    client_id: UUID | None = None
    path: str = ""

    def may_read(self, shop: Record) -> bool:
        """Whether a released shop lies where this viewer reads."""
        return bool(shop["client_id"] == self.client_id and shop["node_path"].startswith(self.path))


async def lookers(here: Connection, affiliate_id: UUID) -> Mapping[Eye, Looker | None]:
    """Who looks for each kind of visitor; None where there is nobody. Role.WORKER."""
    people = await queries.people(here, affiliate_id)
    readable = await queries.readable(here, affiliate_id)
    viewers = [row for row in people if row["role"] == VIEWER]
    own = [row for row in viewers if row["affiliate_id"] == affiliate_id]

    def shops_of(viewer: Record) -> int:
        return sum(
            row["shops"]
            for row in readable
            if row["client_id"] == viewer["client_id"] and row["node_path"].startswith(viewer["path"])
        )

    client_id = _client_with_most_eyes(own, readable)
    ranked = sorted(own, key=shops_of, reverse=True)
    of_client = [row for row in ranked if row["client_id"] == client_id]
    chosen = {
        Eye.HEAD_OFFICE: next((row for row in of_client if row["level"] == Level.HQ), None),
        Eye.REGION: next((row for level in IN_A_REGION for row in of_client if row["level"] == level), None),
        Eye.STORE: next((row for row in of_client if row["level"] == Level.STORE), None),
        Eye.OTHER_CLIENT: next((row for row in ranked if row["client_id"] != client_id), None),
        Eye.OTHER_COMPANY: next((row for row in viewers if row["affiliate_id"] != affiliate_id), None),
        Eye.CONTROL: next((row for row in people if row["role"] != VIEWER), None),
    }
    return {Eye.STRANGER: Looker(Eye.STRANGER)} | {eye: _looker(eye, row) for eye, row in chosen.items()}


def _client_with_most_eyes(viewers: Sequence[Record], readable: Sequence[Record]) -> UUID | None:
    """The client whose people look from most levels of its tree; among equals the one with most reports."""

    def weight(client_id: UUID) -> tuple[int, int]:
        levels = {row["level"] for row in viewers if row["client_id"] == client_id}
        return len(levels), sum(row["shops"] for row in readable if row["client_id"] == client_id)

    having = {row["client_id"] for row in readable} & {row["client_id"] for row in viewers}
    return max(sorted(having), key=weight, default=None)


def _looker(eye: Eye, row: Record | None) -> Looker | None:
    if row is None:
        return None
    return Looker(eye, row["id"], row["affiliate_id"], row["client_id"], row["path"] or "")
