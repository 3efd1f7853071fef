"""What was behind appeals, counted against what was released: for managers of all, for an editor of the own."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from survey.appeals.domain import Tally, counts_csv, most_percent
from tests.conftest import NOW, new_affiliate
from tests.shop_world import insert
from tests.survey.appeals.conftest import Case
from tests.web_client import Site

URL = "/appeals/errors"


async def erred(case: Case, kind: str = "editor_error") -> None:
    """An appeal against a report that a colleague approved, of which somebody says what was behind it."""
    one = case.one
    review = {"report_id": one.report_id, "affiliate_id": one.there.affiliate_id, "shop_id": one.shop_id}
    await insert(
        one.there.owner, "field.review", review | {"decision": "approved", "decided_by": uuid4(), "decided_at": NOW}
    )
    appeal_id = await case.raised()
    assert (await case.editor.post(f"/appeals/{appeal_id}/class", {"kind": kind})).status_code == 303


@pytest.mark.parametrize("role", ["scheduler", "payroll"])
async def test_who_decides_no_appeals_reads_no_counts(site: Site, case: Case, role: str) -> None:
    browser = await site.signed_in(case.one.there.affiliate_id, role)
    for path in (URL, f"{URL}/file"):
        assert (await browser.get(path)).status_code == 403


async def test_neither_a_client_nor_a_shopper_reads_them(case: Case) -> None:
    for browser in (case.head, case.store, case.shopper):
        assert (await browser.get(URL)).status_code in (303, 403, 404)


async def test_another_affiliate_counts_nothing_of_it(site: Site, case: Case) -> None:
    await erred(case)
    stranger = await site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "manager")
    assert "Nothing was released" in (await stranger.get(URL)).text


async def test_a_manager_sees_month_question_and_editor_with_what_was_released(site: Site, case: Case) -> None:
    await erred(case)
    manager = await site.signed_in(case.one.there.affiliate_id, "manager")
    page = (await manager.get(URL)).text
    for words in ("November 2026", "Nov 2026", "100.0 %", "By editor who approved the report", "<svg"):
        assert words in page
    assert ">2026-11<" not in page
    file = (await manager.get(f"{URL}/file")).text
    assert "month,2026-11,,1,1,100.0" in file  # a spreadsheet sorts it
    assert "\r\nquestion," in file


async def test_an_editor_sees_the_own_approvals_alone(site: Site, case: Case) -> None:
    there = case.one.there
    await erred(case)
    page = (await case.editor.get(URL)).text
    assert "Nothing was released" in page
    assert "By editor" not in page
    own = "SELECT id FROM identity.account WHERE affiliate_id = $1 AND role = 'editor' ORDER BY created_at DESC"
    editor_id = await there.owner.fetchval(own, there.affiliate_id)
    await there.owner.execute("UPDATE field.review SET decided_by = $1 WHERE shop_id = $2", editor_id, case.one.shop_id)
    assert "100.0 %" in (await case.editor.get(URL)).text


async def test_another_kind_and_another_time_are_another_count(site: Site, case: Case) -> None:
    await erred(case, "shopper_error")
    manager = await site.signed_in(case.one.there.affiliate_id, "manager")
    assert "100.0 %" not in (await manager.get(URL)).text
    assert "100.0 %" in (await manager.get(f"{URL}?kind=shopper_error")).text
    assert "Nothing was released" in (await manager.get(f"{URL}?to={date(2025, 1, 1)}&from={date(2024, 1, 1)}")).text


async def test_an_appeal_that_nobody_classed_is_no_error(site: Site, case: Case) -> None:
    await case.raised()
    manager = await site.signed_in(case.one.there.affiliate_id, "manager")
    assert "month,2026-11,,0,1,0.0" in (await manager.get(f"{URL}/file")).text


def test_a_rate_is_per_hundred_released_reports() -> None:
    assert Tally("", "", 1, 3).percent == Decimal("33.3")
    assert Tally("", "", 0, 0).percent == 0


def test_a_chart_reaches_above_its_highest_point() -> None:
    assert most_percent([Tally("", "", 1, 8)]) == 15
    assert most_percent([]) == 5


def test_what_a_spreadsheet_would_run_is_made_harmless() -> None:
    assert b"'=1+1" in counts_csv([("question", [Tally("=1+1", "", 1, 1)])])
