"""What a client's viewer does with a released report: contests an answer and plans; the affiliate asks its shopper."""

import asyncpg

from survey.appeals import service
from survey.db import Role, Scope, transaction
from tests.conftest import NOW
from tests.web_client import Browser

from .affiliates import Affiliate
from .canary import Visitor


async def contest(superuser: asyncpg.Connection, viewer: Browser, one: Affiliate, who: Visitor) -> None:
    """An appeal, the question to the shopper that comes of it, a plan, a wish; a phrase; their ids."""
    portal = f"/portal/shops/{one.ids['report_ref']}"
    words = {"question": "clean", "issue": "not_what_happened", "words": "It had been cleaned."}
    assert (await viewer.submit(f"{portal}/appeal?question=clean", words, f"{portal}/appeal")).status_code == 303
    assert (await viewer.post(f"{portal}/plan")).status_code == 303
    wish = {"reason": "other", "words": "It had been cleaned."}
    assert (await viewer.submit(f"{portal}/reshoot", wish, f"{portal}/reshoot")).status_code == 303
    await service.take_in(NOW)
    found = "SELECT id FROM release.appeal WHERE report_ref = $1"
    one.ids["appeal_id"] = await superuser.fetchval(found, one.ids["report_ref"])
    wished = "SELECT id FROM release.reshoot_wish WHERE report_ref = $1"
    one.ids["wish_id"] = await superuser.fetchval(wished, one.ids["report_ref"])
    editor = Scope(one.scope.affiliate_id, one.people["editor"], "editor", "staff")
    async with transaction(Role.STAFF, affiliate=one.scope.affiliate_id):
        await service.take_up(editor, one.ids["appeal_id"], NOW)
        await service.ask_shopper(editor, one.stage.settings, one.ids["appeal_id"], who.asked, NOW)
    asked = "SELECT id FROM field.appeal_question WHERE appeal_id = $1"
    one.ids["asked_id"] = await superuser.fetchval(asked, one.ids["appeal_id"])
    one.ids["phrase_id"] = await superuser.fetchval(
        "INSERT INTO field.phrase (id, affiliate_id, kind, name, text, created_at, changed_at)"
        " VALUES (gen_random_uuid(), $1, 'return', 'Dark picture', 'Please take it again.', $2, $2) RETURNING id",
        one.scope.affiliate_id,
        NOW,
    )
