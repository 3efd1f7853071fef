"""A year's totals over all shoppers: who may read them, what counts, the order of the list, and files on record."""

import csv
import io
from typing import Any

import pytest

from privacy.vault import Place, create_subject, seal, shred
from survey.db import Keyset
from survey.shops.payments import queries, service
from survey.shops.payments.domain import Reach, YearAsked
from tests.conftest import NOW
from tests.shop_world import Shopper
from tests.web_client import Browser, Site

from .conftest import TODAY, Payroll, words_of

YEAR = TODAY.year
PAGE = f"/pay/years?year={YEAR}"
FILES = ("/pay/years/codes", "/pay/years/names")
GIVES_NONE = "UPDATE identity.tax_identity SET number = NULL, collected_at = NULL WHERE shopper_id = $1"
READS = "SELECT subject_id, purpose FROM ledger.event WHERE affiliate_id = $1 AND action = $2"


async def earned(pay: Payroll, cents: int, name: str = "Robin Marsh", **columns: Any) -> Shopper:
    """Somebody who was paid a fee, a bonus of 100 and what a purchase cost."""
    shopper = await pay.payee(name)
    await pay.payable(shopper, fee_cents=cents - 100, bonus_cents=100, **columns)
    return shopper


async def settle(pay: Payroll, currency: str = "USD") -> None:
    batch = await pay.batch(currency)
    async with pay.transaction():
        await service.export(pay.scope, pay.there.settings, batch.id, service.FileKind.CSV, NOW)
        await service.settle(pay.scope, batch.id, TODAY, [], NOW)


async def lines(pay: Payroll, asked: YearAsked | None = None, keyset: Keyset | None = None) -> Any:
    async with pay.transaction():
        return await queries.year_lines(pay.scope, asked or YearAsked(YEAR), keyset or Keyset())


async def give_tax_number(pay: Payroll, shopper: Shopper, number: str) -> None:
    row = await pay.there.owner.fetchval("SELECT id FROM identity.tax_identity WHERE shopper_id = $1", shopper.id)
    key = await create_subject(pay.there.owner, pay.there.settings.keyring, pay.scope.affiliate_id, row)
    await pay.there.owner.execute(
        "UPDATE identity.tax_identity SET kind = 'ssn', number = $2, last4 = $3, collected_at = $4 WHERE id = $1",
        row, seal(key, Place("identity.tax_identity.number", row, row), number), number[-4:], NOW,
    )  # fmt: skip


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", ["scheduler", "editor", "manager"])
async def test_only_payroll_and_administrators_read_what_somebody_earned(site: Site, pay: Payroll, role: str) -> None:
    other = await site.signed_in(pay.scope.affiliate_id, role)
    assert (await other.get(PAGE)).status_code == 403
    for url in FILES:
        assert (await other.post(url, {"year": str(YEAR)})).status_code == 403, url


async def test_nothing_of_another_affiliates_year_is_shown_or_saved(
    pay: Payroll, theirs: Payroll, clerk: Browser
) -> None:
    shopper = await earned(theirs, 54_321, "Zanzibar Quill")
    await settle(theirs)
    code = await code_of(theirs, shopper)
    for page in (await clerk.get(PAGE), *[await clerk.post(url, {"year": str(YEAR)}) for url in FILES]):
        assert page.status_code == 200
        assert not [mark for mark in (code, "Zanzibar", "543.21") if mark in page.text]


async def test_a_year_counts_what_was_paid_in_it_with_what_was_earned_apart_from_what_was_paid_back(
    pay: Payroll,
) -> None:
    shopper = await pay.payee()
    paid = await pay.paid(shopper, bonus_cents=250)
    before = await pay.paid(shopper)
    await pay.there.owner.execute("UPDATE identity.pay_item SET paid_on = '2025-12-31' WHERE id = $1", before.id)
    await pay.payable(shopper)
    [line] = (await lines(pay)).rows
    assert (line.shopper_id, line.item_count, line.amounts) == (shopper.id, 1, paid.amounts)
    assert line.amounts.earned_cents == paid.amounts.total_cents - 695
    [last] = (await lines(pay, YearAsked(2025))).rows
    assert last.amounts == before.amounts


async def test_currencies_are_never_added(pay: Payroll) -> None:
    shopper = await pay.payee()
    for currency, cents in (("USD", 1000), ("GBP", 3000)):
        await pay.payable(shopper, fee_cents=cents, currency=currency)
        await settle(pay, currency)
    assert [(line.currency, line.amounts.fee_cents) for line in (await lines(pay)).rows] == [
        ("GBP", 3000),
        ("USD", 1000),
    ]
    async with pay.transaction():
        totals = await queries.year_totals(pay.scope, YearAsked(YEAR, tax_from_cents=2000))
    assert [(each.currency, each.people, each.reached) for each in totals] == [("GBP", 1, 1), ("USD", 1, 0)]


async def test_money_that_came_back_is_in_no_year(pay: Payroll) -> None:
    item = await pay.paid(await pay.payee())
    async with pay.transaction():
        await service.reverse(pay.scope, item.id, "account_closed", NOW)
    assert (await lines(pay)).rows == []


async def test_who_earned_most_comes_first_and_pages_leave_nobody_out(pay: Payroll) -> None:
    made = {(await earned(pay, cents)).id for cents in (500, 900, 900, 700, 300)}
    await settle(pay)
    seen, after = [], None
    while True:
        page = await lines(pay, keyset=Keyset.read(after, 2))
        seen += page.rows
        after = page.next_cursor
        if after is None:
            break
    assert [line.amounts.earned_cents for line in seen] == [900, 900, 700, 500, 300]
    assert {line.shopper_id for line in seen} == made


async def test_the_list_is_narrowed_to_who_needs_a_tax_number_and_who_has_given_none(pay: Payroll) -> None:
    await pay.account(tax_from_cents=60_000)
    rich, careful, poor = [await earned(pay, cents) for cents in (60_000, 70_000, 59_999)]
    for shopper in (rich, careful):
        await give_tax_number(pay, shopper, "123456789")
    await settle(pay)
    await pay.there.owner.execute(GIVES_NONE, careful.id)
    for reach, expected in (
        (None, [careful, rich, poor]),
        (Reach.REACHED, [careful, rich]),
        (Reach.MISSING, [careful]),
    ):
        found = (await lines(pay, YearAsked(YEAR, reach=reach, tax_from_cents=60_000))).rows
        assert [line.shopper_id for line in found] == [shopper.id for shopper in expected], reach


async def test_the_page_marks_who_needs_a_tax_number_and_names_nobody(pay: Payroll, clerk: Browser) -> None:
    await earned(pay, 60_000, "Zanzibar Quill")
    await settle(pay)
    await pay.account(tax_from_cents=60_000)
    page = (await clerk.get(PAGE)).text
    assert "Needed, not given" in words_of(page)
    assert "USD 600.00" in page
    assert "Zanzibar" not in page


async def test_a_year_or_a_filter_that_is_none_shows_this_year(pay: Payroll, clerk: Browser) -> None:
    await earned(pay, 4711)
    await settle(pay)
    for query in ("", "?year=0", "?year=99999999", "?year=x&who=nobody&currency=%27"):
        assert "USD 47.11" in (await clerk.get("/pay/years" + query)).text, query


async def test_files_are_not_fetched_by_following_a_link(pay: Payroll, clerk: Browser) -> None:
    for url in FILES:
        assert (await clerk.get(url)).status_code == 405, url


async def test_the_file_by_code_opens_nobody(pay: Payroll, clerk: Browser) -> None:
    shopper = await earned(pay, 1_234_567, "Zanzibar Quill")
    await settle(pay)
    before = len(await pay.there.owner.fetch(READS, pay.scope.affiliate_id, "shopper.read"))
    made = await clerk.post(FILES[0], {"year": str(YEAR)})
    [row] = rows_of(made.content)
    assert (row["shopper"], row["earned"], row["paid_back"]) == (await code_of(pay, shopper), "12345.67", "6.95")
    assert "name" not in row
    assert b"Zanzibar" not in made.content
    assert len(await pay.there.owner.fetch(READS, pay.scope.affiliate_id, "shopper.read")) == before


async def test_the_file_for_the_tax_office_names_those_it_wants_to_hear_of_and_each_finds_that_in_the_ledger(
    pay: Payroll,
) -> None:
    await pay.account(tax_from_cents=60_000)
    rich = await earned(pay, 60_000, "Zanzibar Quill")
    await earned(pay, 59_900, "Kim Vale")
    await give_tax_number(pay, rich, "123456789")
    await settle(pay)
    made = await file_with_names(pay, YearAsked(YEAR, tax_from_cents=60_000))
    [row] = rows_of(made)
    assert (row["name"], row["tax_number_kind"], row["tax_number"]) == ("Zanzibar Quill", "ssn", "123456789")
    for action in ("shopper.read", "shopper.tax_read"):
        reads = await pay.there.owner.fetch(READS, pay.scope.affiliate_id, action)
        assert [r["subject_id"] for r in reads if r["purpose"] == service.TAX_PURPOSE] == [rich.id], action
    assert (await pay.actions(pay.scope.affiliate_id))[-1] == "pay.year_export"


async def test_without_an_amount_for_tax_numbers_the_file_names_everybody_who_was_paid(pay: Payroll) -> None:
    for name in ("Zanzibar Quill", "Kim Vale"):
        await earned(pay, 1000, name)
    await settle(pay)
    assert {row["name"] for row in rows_of(await file_with_names(pay, YearAsked(YEAR)))} == {
        "Zanzibar Quill",
        "Kim Vale",
    }


async def test_who_was_erased_stands_in_the_file_by_code_alone(pay: Payroll) -> None:
    shopper = await earned(pay, 1000)
    await settle(pay)
    await shred(pay.there.owner, shopper.id)
    [row] = rows_of(await file_with_names(pay, YearAsked(YEAR)))
    assert (row["shopper"], row["name"], row["tax_number"]) == (await code_of(pay, shopper), "", "")


async def test_the_ledger_holds_no_name_and_no_tax_number(pay: Payroll) -> None:
    await pay.account(tax_from_cents=1)
    shopper = await earned(pay, 60_000, "Zanzibar Quill")
    await give_tax_number(pay, shopper, "123456789")
    await settle(pay)
    await file_with_names(pay, YearAsked(YEAR, tax_from_cents=1))
    written = await pay.there.owner.fetch(
        "SELECT row_to_json(e)::text AS event FROM ledger.event e WHERE affiliate_id = $1", pay.scope.affiliate_id
    )
    assert written
    assert not [row for row in written if "Zanzibar" in row["event"] or "123456789" in row["event"]]


async def file_with_names(pay: Payroll, asked: YearAsked) -> bytes:
    async with pay.transaction():
        ring = pay.there.settings.keyring
        return (await service.export_year(pay.scope, ring, asked, service.YearKind.NAMES, NOW)).body


async def code_of(pay: Payroll, shopper: Shopper) -> str:
    code: str = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    return code
