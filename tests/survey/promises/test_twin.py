"""One visit seen twice: who may, what stands on which side, and that looking is recorded."""

from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.demo import cast
from tests.demo_world import Played

from .conftest import PageAs

MASKED = """
SELECT s.id, n.id AS report_id, s.public_ref, p.id AS shopper_id, p.display_code
  FROM release.shop_report r
  JOIN field.shop s ON s.id = r.shop_id
  JOIN field.report n ON n.shop_id = s.id
  JOIN identity.assignment a ON a.shop_id = s.id AND a.state = 'done'
  JOIN identity.shopper p ON p.id = a.shopper_id
 WHERE r.node_code = 'CK-031' AND EXISTS (SELECT FROM field.report_edit e WHERE e.report_id = n.id)
   AND NOT r.is_superseded
"""


def twin_of(shop_id: UUID) -> str:
    """The address of the two views."""
    return f"/promises/proof/twin/{shop_id}"


async def masked(played: Played) -> dict[str, object]:
    """The visit to Riverside in whose story somebody was named once."""
    return dict(await played.superuser.fetchrow(MASKED))


def sides(page: str, name: str) -> tuple[str, str]:
    """What the company reads in a field, and what the client reads."""
    (row,) = [
        each for each in HTMLParser(page).css(".twin-row") if (each.attributes["aria-label"] or "").startswith(name)
    ]
    found = [row.css_first(side) for side in (".twin-staff", ".twin-client")]
    ours, theirs = (each.text(separator=" ", strip=True) for each in found if each)
    return ours.removeprefix("We read "), theirs.removeprefix("The client reads ")


@pytest.mark.parametrize("player", [cast.HEADQUARTERS, cast.SHOPPER, cast.SCHEDULER, cast.PROVIDER, cast.PAYROLL])
async def test_nobody_but_who_reads_reports_sees_both_sides(
    played: Played, page_as: PageAs, player: cast.Player
) -> None:
    answer = await page_as(player, twin_of((await masked(played))["id"]))  # type: ignore[arg-type]
    assert answer.status_code in {303, 403}
    assert "seen twice" not in answer.text


async def test_a_visit_of_another_company_is_not_there(played: Played, page_as: PageAs) -> None:
    answer = await page_as(cast.OTHER, twin_of((await masked(played))["id"]))  # type: ignore[arg-type]
    assert answer.status_code == 404


async def test_a_visit_that_no_client_reads_has_no_second_side(played: Played, page_as: PageAs) -> None:
    shop_id = await played.superuser.fetchval("SELECT id FROM field.shop WHERE state = 'SUBMITTED' LIMIT 1")
    assert (await page_as(cast.EDITOR, twin_of(shop_id))).status_code == 404


async def test_an_administrator_reads_both_sides_field_by_field(played: Played, page_as: PageAs) -> None:
    visit = await masked(played)
    page = (await page_as(cast.ADMINISTRATOR, twin_of(visit["id"]))).text  # type: ignore[arg-type]
    assert sides(page, "Who made the visit") == (visit["display_code"], "Nobody")
    exact, told = sides(page, "When")
    assert exact.endswith(":25")
    assert told == "midday, week 1"
    assert sides(page, "What the visit is called")[0] == visit["public_ref"]
    assert sides(page, "What the shopper is paid") == ("USD 12.00 and up to USD 8.00 back", "Not told")
    assert sides(page, "Who works there") == ("E1, Barista", "E1, Barista")


async def test_a_story_shows_where_somebody_was_taken_out_and_the_name_is_on_neither_side(
    played: Played, page_as: PageAs
) -> None:
    page = (await page_as(cast.ADMINISTRATOR, twin_of((await masked(played))["id"]))).text  # type: ignore[arg-type]
    assert page.count("<mark>[E1]</mark>") == 4
    assert "What stood there is gone: nobody can read it." in page
    assert "Harriet" not in page


async def test_every_picture_stands_beside_the_clients_copy_or_the_reason_why_there_is_none(
    played: Played, page_as: PageAs
) -> None:
    visit = await masked(played)
    page = (await page_as(cast.ADMINISTRATOR, twin_of(visit["id"]))).text  # type: ignore[arg-type]
    pictures = [each.attributes["src"] or "" for each in HTMLParser(page).css(".twin-row img")]
    assert len(pictures) == 3, "the original photo and receipt, and the photo\u2019s copy"
    for source in pictures:
        assert (await page_as(cast.ADMINISTRATOR, source)).headers["content-type"] == "image/jpeg"
    assert sides(page, "Receipt ")[1] == "Not told"


async def test_an_editor_is_not_told_who_made_the_visit(played: Played, page_as: PageAs) -> None:
    visit = await masked(played)
    page = (await page_as(cast.EDITOR, twin_of(visit["id"]))).text  # type: ignore[arg-type]
    assert str(visit["display_code"]) not in page


async def test_looking_is_recorded_and_the_shopper_is_told(played: Played, page_as: PageAs) -> None:
    visit = await masked(played)
    await page_as(cast.ADMINISTRATOR, twin_of(visit["id"]))  # type: ignore[arg-type]
    row = await played.superuser.fetchrow(
        "SELECT actor_kind, subject_id, purpose FROM ledger.event WHERE action = 'report.read' AND object_id = $1"
        " AND purpose = 'compare what we read with what the client reads' ORDER BY at DESC LIMIT 1",
        visit["report_id"],
    )
    assert tuple(row)[:2] == ("staff", visit["shopper_id"])
