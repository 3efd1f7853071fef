"""Mail to shoppers: news of new shops near by, and what was decided about another day. Bulk, with the way out."""

from collections.abc import Sequence
from uuid import UUID

from survey.affiliates import service as affiliates
from survey.db import Scope
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Act, Bulk, Claimed, Heading, Letter, Outgoing, Paragraph, Withheld, slot
from survey.shoppers import service as shoppers

from . import queries, service
from .domain import DECIDED_KIND, NEWS_KIND, Wish

Composed = Sequence[Outgoing | Withheld]
ASKED = "You get this mail because you asked {company} to tell you of new shops near you."
OWN_WORK = "You get this mail because you make mystery shops for {company}."
NEWS = Letter(
    subject="New shops near you",
    preview="See what they pay and until when they can be made.",
    blocks=(
        Heading(f"{slot('count')} for you"),
        Paragraph("They have come to the job board since we last wrote, are as near and pay as much as you wished, and"
                  " nothing stands against your taking them. Each is counted in one mail only."),
        Paragraph("How far, how much and how often: you choose it on the job board, under news by mail."),
        Act("Open the job board", slot("link")),
        Paragraph("Whether you get this mail changes nothing about what you are offered, or at what pay."),
    ),
)  # fmt: skip


@composer(NEWS_KIND, to=Audience.PEOPLE, about="news of mystery shops on the job board")
async def news(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """There is something new. Who has changed their mind since gets nothing, nor who could take none of it any more."""
    system = Scope(rows[0].affiliate_id, actor_kind="system")
    counts = await service.news.counts_of(system, [row.campaign_id for row in rows], composing.now)
    addresses, frame = await _addressing(composing, rows, ASKED, "News of shops of")
    link = f"{composing.settings.base_url}/shopper/board?sort=nearest"
    made: list[Outgoing | Withheld] = []
    for row in rows:
        count, address = counts.get(row.recipient_id), addresses.get(row.recipient_id)
        if count is None or address is None:
            made.append(Withheld(row, "nothing new, or not wanted any more"))
            continue
        values = {"count": "1 new shop" if count == 1 else f"{count} new shops", "link": link}
        made.append(Outgoing(row, address, NEWS, frame, values))
    return made


def _answer(heading: str, sentence: str) -> Letter:
    return Letter(
        subject="About the other day that you asked for",
        preview="Somebody has decided.",
        blocks=(Heading(heading), Paragraph(sentence), Act("See what was decided", slot("link"))),
    )


ANSWERS = {
    Wish.GRANTED: _answer("You may go on the other day", "The day you asked for is yours. The shop’s page shows it,"
                          " and until when the report should be in now."),
    Wish.DECLINED: _answer("The day stays as it is", "This time it was not possible; your page says why. If you"
                           " cannot go, give the shop back there: before the day that does not count against you."),
}  # fmt: skip


@composer(DECIDED_KIND, to=Audience.PEOPLE, about="an answer to a mystery shopper who had asked for another day")
async def decided(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody has decided about another day. Whoever does not have the shop any more is told nothing."""
    wishes = await queries.extensions.decided_wishes(composing.connection, [row.campaign_id for row in rows])
    addresses, frame = await _addressing(composing, rows, OWN_WORK, "Shops of")
    made: list[Outgoing | Withheld] = []
    for row in rows:
        wish, address = wishes.get(row.campaign_id), addresses.get(row.recipient_id)
        if wish is None or address is None:
            made.append(Withheld(row, "the shop is somebody else's, or the profile was removed"))
            continue
        state, shop_id = wish
        page = "" if state is Wish.GRANTED else "/extension"
        values = {"link": f"{composing.settings.base_url}/shopper/shops/{shop_id}{page}"}
        made.append(Outgoing(row, address, ANSWERS[state], frame, values))
    return made


async def _addressing(
    composing: Composing, rows: Sequence[Claimed], source: str, name: str
) -> tuple[dict[UUID, str], Bulk]:
    ids = [row.recipient_id for row in rows]
    addresses = await shoppers.addresses_of(composing.connection, composing.settings, ids)
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    why = source.format(company=sender.name)
    return addresses, Bulk(sender, why, sender.name, f"{name} {sender.name}", rows[0].affiliate_id)
