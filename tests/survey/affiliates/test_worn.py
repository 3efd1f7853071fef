"""Where a brand is worn: on what people outside see, from the next page and the next mail on, and nowhere else."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.tokens import Purpose, sign
from survey.affiliates import service
from survey.db import Role, transaction
from survey.mail.composing import Audience, Composing, composers_of
from survey.mail.domain import Outgoing
from survey.mail.envelope import letterhead_of
from survey.mail.skeleton import message_of
from survey.panels import service as panels
from survey.panels.domain import PanelDraft
from survey.questionnaires.domain import store_visit
from survey.responses import queries
from survey.responses.domain import Face
from survey.settings import Settings
from survey.web.cookies import cookie_name
from survey.web.sessions import open_session
from survey.worker import MAIL
from tests.conftest import NOW, World
from tests.field_study import Field, encoded, fill, make_study
from tests.shop_world import shop_world
from tests.structure.mail_samples import SAMPLES, Stage
from tests.survey.affiliates.test_brand import THERE, brand, logo_of, send
from tests.survey.affiliates.test_settings import office
from tests.survey.shoppers.conftest import open_door
from tests.survey.shops.fieldwork.conftest import photo
from tests.web_client import Browser, Site

__all__ = ["office"]

FORM = {"content-type": "application/x-www-form-urlencoded"}
COLOUR = "/brand/7a1f5c/"


@pytest.fixture
async def worn(office: Browser, world: World) -> dict[str, str]:
    """alice's brand, as it was typed."""
    typed = brand(accent="#7a1f5c")
    await office.submit(THERE, typed)
    await send(office, photo())
    return typed


@pytest.fixture
async def live_study(world: World, superuser: asyncpg.Connection, settings: Settings) -> Field:
    """A live study of alice's."""
    return await make_study(superuser, settings, (world.alices.affiliate_id, NOW), store_visit())


async def test_an_affiliate_without_a_brand_wears_the_houses_look(site: Site, live_study: Field) -> None:
    page = (await (await site.visitor()).get(live_study.path(await live_study.door()))).text
    assert "/brand/" not in page
    assert 'class="branded"' not in page


async def test_every_page_of_a_survey_wears_it(
    site: Site, worn: dict[str, str], live_study: Field, world: World, superuser: asyncpg.Connection
) -> None:
    visitor = await site.visitor()
    path = live_study.path(await live_study.door(state="started"))
    logo = await logo_of(superuser, world.alices.affiliate_id)
    for page in (path, f"{path}/1", f"{path}/stop"):
        text = (await visitor.get(page)).text
        assert COLOUR in text, page
        assert f'src="/brand/{logo}.png" alt="{worn["name"]}"' in text
    assert worn["contact_phone"] in (await visitor.get(path)).text


async def test_who_asks_stands_on_a_page_of_a_survey_as_below_a_mail(
    site: Site, office: Browser, live_study: Field, settings: Settings, world: World
) -> None:
    await office.submit(THERE, brand(postal_address="3 Hill Road,\nTestford"))
    page = (await (await site.visitor()).get(live_study.path(await live_study.door()))).text
    async with transaction(Role.WORKER, affiliate=world.alices.affiliate_id):
        sender = await service.sender_of(world.alices.affiliate_id)
    assert f"through {sender.name}, 3 Hill Road, Testford. Questions: {sender.contact_line}<" in page
    assert sender.postal_line == "3 Hill Road, Testford"


async def test_a_page_that_was_kept_is_made_anew_when_the_brand_changes(
    site: Site, office: Browser, live_study: Field
) -> None:
    visitor, path = await site.visitor(), live_study.path(await live_study.door())
    first = (await visitor.get(path)).text
    await office.submit(THERE, brand(accent="#7a1f5c"))
    second = (await visitor.get(path)).text
    await office.submit(THERE, brand(accent="#0b5c67"))
    third = (await visitor.get(path)).text
    assert (COLOUR in first, COLOUR in second, "/brand/0b5c67/" in third) == (False, True, True)


async def test_an_answer_under_way_is_kept_though_the_brand_changes(
    site: Site, office: Browser, live_study: Field
) -> None:
    visitor, entry = await site.visitor(), await live_study.door()
    path = live_study.path(entry)
    await visitor.client.post(path)
    await visitor.get(f"{path}/1")
    await office.submit(THERE, brand())
    sent = await visitor.client.post(f"{path}/1", content=encoded(fill(live_study.definition, 0)), headers=FORM)
    assert sent.status_code == 303
    assert (await live_study.response(entry))["coded"] != {}


async def test_the_brand_of_a_study_is_read_once_and_kept_with_its_face(
    site: Site, worn: dict[str, str], live_study: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, path = await site.visitor(), live_study.path(await live_study.door(state="started"))
    looked, find = [], queries.face_of

    async def counted(here: asyncpg.Connection, study_id: UUID) -> Face:
        looked.append(study_id)
        return await find(here, study_id)

    monkeypatch.setattr(queries, "face_of", counted)
    for _ in range(3):
        assert COLOUR in (await visitor.get(f"{path}/1")).text
    assert looked == [live_study.study_id]


async def test_a_drafts_editors_keep_their_revision(office: Browser, live_study: Field) -> None:
    read = "SELECT revision FROM field.study WHERE id = $1"
    before = await live_study.owner.fetchval(read, live_study.study_id)
    await live_study.owner.execute("UPDATE field.study SET status = 'draft' WHERE id = $1", live_study.study_id)
    await office.submit(THERE, brand())
    assert await live_study.owner.fetchval(read, live_study.study_id) == before


async def test_an_opt_out_page_wears_the_brand_of_whoever_wrote(
    site: Site, worn: dict[str, str], world: World, superuser: asyncpg.Connection
) -> None:
    link_id = await superuser.fetchval(
        "INSERT INTO ledger.opt_out_link (affiliate_id, suppression_key) VALUES ($1, $2) RETURNING id",
        world.alices.affiliate_id, uuid4().bytes * 2,
    )  # fmt: skip
    visitor, keys = await site.visitor(), site.settings.token_keys
    known = await visitor.get(f"/o/{sign(keys, Purpose.OPT_OUT, link_id)}")
    unknown = await visitor.get(f"/o/{sign(keys, Purpose.OPT_OUT, uuid4())}")
    assert (COLOUR in known.text, worn["name"] in known.text, "hello@alice.test" in known.text) == (True, True, True)
    assert (unknown.status_code, "/brand/" in unknown.text) == (200, False)


async def test_a_panels_way_in_and_a_shoppers_sign_up_wear_it(site: Site, worn: dict[str, str], world: World) -> None:
    slug = f"coffee-{world.alices.affiliate_id.hex}"
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await panels.create_panel(world.alices, PanelDraft("Coffee", slug, "For all.", "I agree."), NOW)
    theirs, door = await open_door(world.charlies), await open_door(world.alices)
    visitor = await site.visitor()
    for page in (f"/join/{slug}", door):
        text = (await visitor.get(page)).text
        assert (COLOUR in text, worn["name"] in text) == (True, True), page
    other = (await visitor.get(theirs)).text
    assert (COLOUR in other, worn["name"] in other) == (False, False)


async def test_a_shoppers_pages_wear_the_brand_of_the_company_that_was_chosen(
    site: Site, worn: dict[str, str], world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    ours = await shop_world(superuser, settings, world.alices.affiliate_id)
    theirs = await shop_world(superuser, settings, world.charlies.affiliate_id)
    at_ours = await ours.signed_in(site, await ours.shopper())
    at_theirs = await theirs.signed_in(site, await theirs.shopper())
    for page in ("/shopper", "/shopper/board", "/shopper/shops", "/shopper/pay", "/shopper/profile"):
        text = (await at_ours.get(page)).text
        assert (COLOUR in text, worn["name"] in text) == (True, True), page
        assert COLOUR not in (await at_theirs.get(page)).text
    for page in ("/account", "/shopper/affiliates?stay"):
        assert "/brand/" not in (await at_ours.get(page)).text


async def test_our_own_pages_keep_our_look(site: Site, worn: dict[str, str], world: World, office: Browser) -> None:
    manager, visitor = await site.signed_in(world.alices.affiliate_id), await site.visitor()
    for browser, page in ((manager, "/studies"), (office, "/settings"), (visitor, "/sign-in"), (visitor, "/privacy")):
        text = (await browser.get(page)).text
        assert ("/brand/" in text, 'class="branded"' in text) == (False, False), page


def part_of(message: EmailMessage, subtype: str) -> str:
    """The words of one of a message's two parts."""
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("kind", ["invitation", "panel-welcome", "shopper.confirm"])
async def test_mail_wears_the_name_a_line_of_the_colour_and_the_contact_and_fetches_nothing(
    worn: dict[str, str], world: World, superuser: asyncpg.Connection, settings: Settings, kind: str
) -> None:
    stage, composers = Stage(world.alices, settings, superuser), composers_of(MAIL)
    await SAMPLES[kind](stage)
    rows = await stage.claimed(kind)
    async with transaction(Role.WORKER, affiliate=stage.affiliate_id) as here:
        (made,) = await composers[kind](Composing(here, settings, NOW), rows[:1])
    assert isinstance(made, Outgoing)
    is_to_people = composers[kind].to is Audience.PEOPLE
    sent = message_of(made, letterhead_of(settings), NOW, is_to_people=is_to_people)
    message = message_from_bytes(sent.content, policy=default)
    html, text = (part_of(message, each) for each in ("html", "plain"))
    assert worn["name"] in str(message["From"])
    for part in (html, text):
        assert worn["name"] in part
        assert "Questions: hello@alice.test, +44 131 496 0000" in part
    assert "border-bottom: 3px solid #7a1f5c" in html
    assert "<img" not in html
    assert "/brand/" not in html + text


async def test_a_clients_role_reaches_no_affiliate(world: World, site: Site) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.CLIENT):
            await service.find_brand(world.alices.affiliate_id)


async def test_a_clients_portal_wears_the_name_and_the_logo_but_not_the_colour_from_its_next_sign_in_on(
    site: Site, worn: dict[str, str], world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    browser = await site.viewer(world.alices.affiliate_id, there.client_id, await there.location())
    before = (await browser.get("/portal")).text
    assert browser.account_id
    async with transaction(Role.GATE):
        token = await open_session(browser.account_id, "full", "", NOW)
    signed_in = await site.visitor(cookies={cookie_name(settings.plain_http_cookies): token})
    after = (await signed_in.get("/portal")).text
    logo = await logo_of(superuser, world.alices.affiliate_id)
    assert (worn["name"] in before, worn["name"] in after) == (False, True)
    assert f'src="/brand/{logo}.png"' in after
    assert "hello@alice.test" in after
    assert COLOUR not in after


async def test_it_is_said_from_when_on_clients_see_another_brand(office: Browser) -> None:
    for act in (office.submit(THERE, brand()), send(office, photo()), office.post(f"{THERE}/logo/remove")):
        assert (await act).status_code == 303
        assert "from their next sign-in" in (await office.get(THERE)).text
