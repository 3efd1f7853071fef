"""The opt-out page of mail to shoppers: it shows whoever holds the mail a masked address, and nobody anything else."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.crypto import random_id
from privacy.optouts import suppression_key
from privacy.tokens import Purpose, sign
from privacy.vault import Place, data_key, seal, shred
from survey.db import Role, transaction
from survey.rights.service.erasing import erase_shopper
from survey.settings import Settings
from survey.shoppers.domain import EMAIL
from survey.shoppers.service import IDLE_KIND, ask_for_mail
from tests.conftest import NOW, World, unheard_of
from tests.outbox import mails
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.web_client import Site

MASKED = "r•••@m•••.example"


@dataclass(frozen=True, slots=True)
class Written:
    """A shopper whom mail with a way out was written to."""

    there: ShopWorld
    shopper: Shopper
    link_id: UUID
    path: str
    address: str

    async def page(self, site: Site) -> str:
        """What whoever holds the mail is shown."""
        page = await (await site.visitor()).get(self.path)
        assert page.status_code == 200
        return page.text

    async def move_to(self, address: str) -> None:
        """Another mailbox of the same shopper."""
        me, key = self.shopper.id, await data_key(self.there.owner, self.there.settings.keyring, self.shopper.id)
        sealed = seal(key, Place(EMAIL, me, me), address)
        await self.there.owner.execute("UPDATE identity.shopper SET email = $2 WHERE id = $1", me, sealed)


@pytest.fixture
async def written(world: World, superuser: asyncpg.Connection, settings: Settings) -> Written:
    """News of shops were sent to a shopper of alice's."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    address = f"robin@m{unheard_of()}.example"
    shopper = await there.shopper("Robin Marsh", address)
    key = suppression_key(settings.index_key, address)
    link_id = await superuser.fetchval(
        "INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id) VALUES ($1, $2) RETURNING id",
        key, there.affiliate_id,
    )  # fmt: skip
    await superuser.execute(
        "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key,"
        " opt_out_link_id, not_before) VALUES ($1, $2, $3, 'board.news', true, $4, $5, $6)",
        there.affiliate_id, uuid4(), shopper.id, key, link_id, NOW,
    )  # fmt: skip
    path = f"/o/{sign(settings.token_keys, Purpose.OPT_OUT, link_id)}"
    return Written(there, shopper, link_id, path, address)


async def test_a_link_that_nothing_was_sent_with_shows_no_address(site: Site, written: Written) -> None:
    stranger = f"/o/{sign(site.settings.token_keys, Purpose.OPT_OUT, random_id())}"
    page = await (await site.visitor()).get(stranger)
    assert "the address this message was sent to" in page.text
    assert "•••" not in page.text


async def test_whoever_holds_the_mail_sees_the_masked_address_and_nothing_else(site: Site, written: Written) -> None:
    page = await written.page(site)
    assert MASKED in page
    for word in (written.address, "Robin", "Marsh", str(written.shopper.id)):
        assert word not in page


async def test_an_old_mailbox_learns_nothing_of_the_new_one(site: Site, written: Written) -> None:
    await written.move_to("new@elsewhere.example")
    assert "•••" not in await written.page(site)
    await written.move_to(written.address)
    assert MASKED in await written.page(site)


@pytest.mark.parametrize("how", ["erased", "shredded"])
async def test_of_somebody_who_was_erased_nothing_is_shown_and_the_button_still_works(
    site: Site, written: Written, how: str
) -> None:
    if how == "erased":
        await written.there.owner.execute(
            "UPDATE identity.shopper SET status = 'erased' WHERE id = $1", written.shopper.id
        )
    else:
        await shred(written.there.owner, written.shopper.id)
    assert "•••" not in await written.page(site)
    pressed = await (await site.visitor()).client.post(written.path, data={"wish": "everything"})
    assert pressed.status_code == 303
    assert "No more e-mail through Candour" in await written.page(site)


@pytest.mark.parametrize(
    "column", ["account_id", "name", "phone", "address", "email_index", "household_index", "bands"]
)
async def test_the_desk_reads_no_more_of_a_shopper_than_the_address(written: Written, column: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.DESK) as here:
            await here.fetchval(f"SELECT {column} FROM identity.shopper WHERE id = $1", written.shopper.id)


async def test_the_desk_changes_no_shopper(written: Written) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.DESK) as here:
            await here.execute("UPDATE identity.shopper SET status = 'erased' WHERE id = $1", written.shopper.id)


async def test_mail_about_ones_own_shops_offers_choices_by_reach(site: Site, written: Written) -> None:
    await written.there.owner.execute(
        "UPDATE ops.delivery SET is_bulk = false WHERE opt_out_link_id = $1", written.link_id
    )
    page = await written.page(site)
    for choice in ("Stop all e-mail sent through Candour", "Stop only e-mail from", "Stop only offers and news from"):
        assert choice in page
    assert "never changes which shops you are offered, or at what fee" in page
    assert MASKED in page


@pytest.mark.parametrize(
    ("wish", "reached"), [("everything", set()), ("affiliate", set()), ("offers", {"shop-reminder"})]
)
async def test_each_choice_stops_at_once_what_it_says_and_no_more(
    site: Site, written: Written, wish: str, reached: set[str]
) -> None:
    await written.there.owner.execute(
        "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key,"
        " opt_out_link_id, not_before) SELECT affiliate_id, campaign_id, recipient_id, 'shop-reminder', false,"
        " suppression_key, opt_out_link_id, not_before FROM ops.delivery WHERE opt_out_link_id = $1",
        written.link_id,
    )
    await (await site.visitor()).client.post(written.path, data={"wish": wish})
    rows = await written.there.owner.fetch(
        "SELECT kind, state, reason FROM ops.delivery WHERE opt_out_link_id = $1", written.link_id
    )
    assert {row["kind"] for row in rows if row["state"] == "queued"} == reached
    assert {row["reason"] for row in rows if row["state"] != "queued"} == {"opted out"}
    assert "Done, from this moment on" in await written.page(site)


async def test_whoever_stops_all_mail_reads_that_an_idle_profile_goes_without_a_reminder(
    site: Site, written: Written
) -> None:
    """The same words to everybody: of an address that nothing is known of, and of one that has no profile."""
    stranger = f"/o/{sign(site.settings.token_keys, Purpose.OPT_OUT, random_id())}"
    visitor, said = await site.visitor(), []
    for path in (written.path, stranger):
        pressed = await visitor.client.post(path, data={"wish": "everything"})
        page = (await visitor.get(pressed.headers["location"])).text
        said.append(next(line.strip() for line in page.splitlines() if "we cannot remind you before that" in line))
    assert said[0] == said[1]


@pytest.mark.parametrize("wish", ["everything", "affiliate", "offers"])
async def test_each_choice_can_be_undone(site: Site, written: Written, wish: str) -> None:
    visitor = await site.visitor()
    for each in (wish, "undo"):
        await visitor.client.post(written.path, data={"wish": each})
    assert "Stop e-mail?" in await written.page(site)


async def test_a_stop_outlives_the_profile_and_meets_whoever_registers_again_with_the_address(
    site: Site, written: Written
) -> None:
    await (await site.visitor()).client.post(written.path, data={"wish": "everything"})
    await erase_shopper(site.settings, written.there.affiliate_id, written.shopper.id, NOW)
    again = await written.there.shopper("Robin Marsh", written.address)
    async with transaction(Role.WORKER):
        ids = written.there.affiliate_id, again.id
        await ask_for_mail(site.settings, IDLE_KIND, ids, written.address.upper(), NOW)
    assert await mails(site.settings, written.there.affiliate_id, IDLE_KIND) == []
    left = await written.there.owner.fetchrow(
        "SELECT state, reason FROM ops.delivery WHERE recipient_id = $1", again.id
    )
    assert tuple(left) == ("skipped", "opted out")
