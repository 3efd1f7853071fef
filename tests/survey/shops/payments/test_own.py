"""The shopper's own pages: their pay and nobody else's, the promised day from the start, a statement on paper."""

import re
import zlib

import pytest

from privacy.errors import KeyShredded
from privacy.vault import data_key
from survey.db import NotFound
from survey.shops.payments import service
from survey.shops.payments.domain import State, content_of
from survey.shops.visits.domain import money
from tests.conftest import NOW
from tests.web_client import Site

from .conftest import TODAY, Payroll, words_of

YEAR = TODAY.year
STATEMENT = f"/shopper/pay/{YEAR}/statement"


async def test_a_stranger_and_staff_have_no_shoppers_pay_page(site: Site, pay: Payroll) -> None:
    stranger, staff = await site.visitor(), await site.signed_in(pay.scope.affiliate_id, "payroll")
    for url in ("/shopper/pay", STATEMENT):
        assert (await stranger.get(url)).status_code == 303
        assert (await staff.get(url)).status_code in (403, 404)


async def test_a_shopper_sees_nothing_of_anybody_else(site: Site, pay: Payroll) -> None:
    await pay.paid(await pay.payee("Kim Vale"))
    browser = await pay.there.signed_in(site, await pay.there.shopper())
    assert "Nothing yet" in words_of((await browser.get("/shopper/pay")).text)
    assert (await browser.get(STATEMENT)).status_code == 404


async def test_the_promised_day_is_shown_before_anybody_has_read_the_report(site: Site, pay: Payroll) -> None:
    shopper = await pay.there.shopper()
    item = await pay.promised(shopper, bonus_cents=400)
    page = words_of((await (await pay.there.signed_in(site, shopper)).get("/shopper/pay")).text)
    assert f"Promised for {item.promised_on:%a, %-d %b %Y}, in 30 days" in page
    assert "We are reading your report" in page
    assert "USD 22.95" in page
    assert "USD 12.00 fee, USD 4.00 bonus, USD 6.95 paid back" in page


async def test_who_has_not_said_where_the_money_goes_is_told_so(site: Site, pay: Payroll) -> None:
    homeless, settled = await pay.there.shopper(), await pay.payee()
    for shopper, is_told in ((homeless, True), (settled, False)):
        await pay.promised(shopper)
        page = words_of((await (await pay.there.signed_in(site, shopper)).get("/shopper/pay")).text)
        assert ("Say where we pay you" in page) == is_told


@pytest.mark.parametrize("reason", ["visit_not_made", "rejected"])
async def test_who_is_not_paid_reads_why(site: Site, pay: Payroll, reason: str) -> None:
    shopper = await pay.there.shopper()
    item = await pay.promised(shopper)
    async with pay.transaction():
        await service.void(pay.scope, item.shop_id, reason, NOW)
    page = words_of((await (await pay.there.signed_in(site, shopper)).get("/shopper/pay")).text)
    words = {"visit_not_made": "The visit was not made", "rejected": "The report was not accepted"}
    assert f"Will not be paid {words[reason]}." in page
    assert "Not paid yet" not in page


async def test_years_add_up_what_was_paid(site: Site, pay: Payroll) -> None:
    shopper = await pay.payee()
    first, second = await pay.paid(shopper, receipt_cents=0), await pay.paid(shopper, bonus_cents=100)
    total = first.amounts.total_cents + second.amounts.total_cents
    page = words_of((await (await pay.there.signed_in(site, shopper)).get("/shopper/pay")).text)
    assert f"{YEAR} USD 24.00 USD 1.00 USD 6.95 {money(total, 'USD')}" in page


async def test_a_statement_is_an_accessible_pdf_that_names_nobody_outside_its_pages(site: Site, pay: Payroll) -> None:
    shopper = await pay.payee("Zanzibar Quill")
    await pay.paid(shopper)
    answer = await (await pay.there.signed_in(site, shopper)).get(STATEMENT)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="pay-{YEAR}.pdf"')
    assert answer.content.startswith(b"%PDF-")
    metadata = everything_in(answer.content)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert b"/Title(Payment statement 2026)" in metadata
    assert b"Zanzibar" not in metadata
    assert not re.search(rb"/Author|dc:creator|xmp:CreateDate", metadata)


def everything_in(pdf: bytes) -> bytes:
    """A PDF's bytes and what its compressed streams hold. Words on the page are numbers of glyphs, not letters."""
    out = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            out.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(out)


async def test_a_statement_says_what_was_paid_when_and_for_what(pay: Payroll) -> None:
    shopper = await pay.payee("Zoë #strong[Müller]")
    item = await pay.paid(shopper, bonus_cents=100)
    async with shopper.transaction():
        statement = await service.statement_of(shopper.scope, pay.there.settings.keyring, YEAR, TODAY)
    words = content_of(statement)
    assert words["name"] == "Zoë #strong[Müller]"
    assert words["rows"] == [
        ["22 Nov 2026", "22 Nov 2026", statement.lines[0].public_ref, statement.lines[0].client_name, "12.00", "1.00",
         "6.95", "USD 19.95"],
    ]  # fmt: skip
    assert words["totals"] == [["USD", "12.00", "1.00", "6.95", "19.95"]]
    assert item.state is State.PAID


async def test_a_name_is_set_on_paper_and_never_run(pay: Payroll) -> None:
    made = []
    for name in ("Robin Marsh", '#panic("run")', "王小明"):
        shopper = await pay.payee(name)
        await pay.paid(shopper)
        async with shopper.transaction():
            statement = await service.statement_of(shopper.scope, pay.there.settings.keyring, YEAR, TODAY)
        made.append(await service.as_pdf(statement))
    assert all(pdf.startswith(b"%PDF-") for pdf in made)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in everything_in(made[1])


async def test_the_same_statement_is_the_same_file(pay: Payroll) -> None:
    shopper = await pay.payee()
    await pay.paid(shopper)
    async with shopper.transaction():
        statement = await service.statement_of(shopper.scope, pay.there.settings.keyring, YEAR, TODAY)
    assert await service.as_pdf(statement) == await service.as_pdf(statement)


async def test_a_year_without_pay_and_a_year_that_is_none_have_no_statement(site: Site, pay: Payroll) -> None:
    shopper = await pay.payee()
    await pay.paid(shopper)
    browser = await pay.there.signed_in(site, shopper)
    for year in ("2025", "0", "9999", "99999999999"):
        assert (await browser.get(f"/shopper/pay/{year}/statement")).status_code == 404, year


async def test_money_that_came_back_is_on_no_statement(pay: Payroll) -> None:
    shopper = await pay.payee()
    item = await pay.paid(shopper)
    async with pay.transaction():
        await service.reverse(pay.scope, item.id, "account_closed", NOW)
    with pytest.raises(NotFound):
        async with shopper.transaction():
            await service.statement_of(shopper.scope, pay.there.settings.keyring, YEAR, TODAY)


async def test_two_profiles_of_one_person_show_each_affiliates_pay_alone(
    site: Site, pay: Payroll, theirs: Payroll
) -> None:
    here = await pay.payee()
    there = await theirs.there.shopper("Robin Marsh", account_id=here.account_id)
    await pay.promised(here)
    item = await theirs.promised(there, bonus_cents=7700)
    page = words_of((await (await pay.there.signed_in(site, here)).get("/shopper/pay")).text)
    assert "77.00" not in page
    assert item.currency in page
    other = words_of((await (await theirs.there.signed_in(site, there)).get("/shopper/pay")).text)
    assert "USD 77.00 bonus" in other


async def test_the_shoppers_key_opens_the_shoppers_name_and_no_other(pay: Payroll) -> None:
    mine, others = await pay.payee(), await pay.payee("Kim Vale")
    async with mine.transaction() as here:
        assert await data_key(here, pay.there.settings.keyring, mine.id)
        with pytest.raises(KeyShredded):
            await data_key(here, pay.there.settings.keyring, others.id)
