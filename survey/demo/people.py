"""The companies of the demo world, and the people who work with the product."""

from collections.abc import Mapping
from uuid import UUID

from privacy.crypto import random_bytes
from survey.accounts import service as accounts
from survey.accounts.domain import Invitee, Place
from survey.accounts.service import NewAccount
from survey.affiliates import service as affiliates
from survey.affiliates.domain import Draft
from survey.clients import service as clients
from survey.db import Role, Scope, transaction

from .cast import PROVIDER, PROVIDER_COMPANY, VIEWERS, Player
from .stage import Stage

BEGAN_DAYS_AGO = 120
PASSWORD_BYTES = 24


async def provider(stage: Stage) -> Scope:
    """The company that runs the platform, and one of its people."""
    async with transaction(Role.PROVIDER):
        scope = await affiliates.create_provider(PROVIDER_COMPANY, stage.day(BEGAN_DAYS_AGO))
        await accounts.create_account(scope, stage.settings, _new(PROVIDER), stage.day(BEGAN_DAYS_AGO))
    return scope


async def affiliate(stage: Stage, owner: Scope, company: Draft, staff: tuple[Player, ...]) -> dict[str, Scope]:
    """A research company with its staff; the scope of each of them, by the slug of whom they are."""
    async with transaction(Role.PROVIDER):
        affiliate_id = await affiliates.create_affiliate(owner, company, stage.day(BEGAN_DAYS_AGO - 1))
    scope = Scope(affiliate_id, actor_kind="system")
    async with transaction(Role.STAFF, affiliate=affiliate_id):
        ids = [
            await accounts.create_account(scope, stage.settings, _new(player), stage.day(BEGAN_DAYS_AGO - 2))
            for player in staff
        ]
    return {
        player.slug: Scope(affiliate_id, account_id, player.role, "staff")
        for player, account_id in zip(staff, ids, strict=True)
    }


async def viewers(stage: Stage, scope: Scope, client_id: UUID, name: str, places: Mapping[str, UUID]) -> None:
    """A client's people, each with the node of its tree from which they read. places: locations by code."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        root = await clients.root_of(scope, client_id)
    for code, player in VIEWERS[name]:
        await viewer(stage, scope, player, client_id, places[code] if code else root.id)


async def viewer(stage: Stage, scope: Scope, player: Player, client_id: UUID, location_id: UUID) -> None:
    """Somebody of a client, who reads releases from one node of its tree downwards."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        place = Place(client_id, location_id)
        await accounts.create_account(scope, stage.settings, _new(player, place), stage.day(BEGAN_DAYS_AGO - 20))


def _new(player: Player, place: Place | None = None) -> NewAccount:
    # Nobody knows the passwords of the demo: its people are entered by /demo.
    return NewAccount(Invitee(player.email, player.name, player.role, place), random_bytes(PASSWORD_BYTES).hex())
