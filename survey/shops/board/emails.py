"""News of new shops near by. It says how many and nothing else; bulk, with the way out that works at once."""

from collections.abc import Sequence

from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Act, Bulk, Claimed, Heading, Letter, Outgoing, Paragraph, Withheld, slot
from survey.shops.scheduling import service as scheduling

from . import queries
from .domain import NEWS_KIND, RADIUS_KM

ASKED = "You get this mail because you asked {company} to tell you of new shops near you."


@composer(NEWS_KIND, to=Audience.PEOPLE)
async def news(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """There is something new near by. Who has changed their mind since gets nothing."""
    ids = [row.recipient_id for row in rows]
    found = await queries.news.news(composing.connection, composing.now, len(ids), ids)
    counts = {each.shopper_id: each.count for each in found}
    addresses = await scheduling.addresses_of(composing.connection, composing.settings, ids)
    sender = (await affiliates.senders([rows[0].affiliate_id]))[rows[0].affiliate_id]
    frame = (sender, ASKED.format(company=sender.name), sender.name, f"News of shops of {sender.name}")
    made: list[Outgoing | Withheld] = []
    for row in rows:
        count, address = counts.get(row.recipient_id), addresses.get(row.recipient_id)
        if count is None or address is None:
            made.append(Withheld(row, "nothing new, or not wanted any more"))
            continue
        values = {"count": "1 new shop" if count == 1 else f"{count} new shops"}
        made.append(
            Outgoing(row, address, _letter(composing.settings.base_url), Bulk(*frame, row.affiliate_id), values)
        )
    return made


def _letter(base_url: str) -> Letter:
    return Letter(
        subject="New shops near you",
        preview="See what they pay and until when they can be made.",
        blocks=(
            Heading(f"{slot('count')} near you"),
            Paragraph(f"Since yesterday there is something new within {RADIUS_KM} km. The job board says which of it"
                      " you can take, and if not, why not."),
            Act("Open the job board", f"{base_url}/shopper/board?sort=nearest"),
            Paragraph("Whether you get this mail changes nothing about what you are offered, or at what pay."),
        ),
    )  # fmt: skip
