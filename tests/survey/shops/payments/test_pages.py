"""The pages of payroll: who may open them, the whole way to a paid batch without JavaScript, and other people's ids."""

import re
from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.shops.payments.domain import State
from tests.web_client import Browser, Site

from .conftest import IBAN, OWN_IBAN, TODAY, Payroll, words_of

PAGES = ("/pay", "/pay/batches", "/pay/batches/new", "/pay/settings")
SETTINGS = {"way": "iban", "holder": "Northlight", "number": OWN_IBAN, "bank": "", "tax_from": "600"}


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of a form."""
    found = HTMLParser(page).css(f'form[action="{action}"] input[type=hidden]')
    return {each.attributes["name"] or "": each.attributes["value"] or "" for each in found}


@pytest.mark.parametrize("role", ["scheduler", "editor", "manager"])
async def test_who_schedules_or_edits_has_no_pay_pages(site: Site, pay: Payroll, role: str) -> None:
    item = await pay.payable(await pay.payee())
    batch = await pay.batch()
    other = await site.signed_in(pay.scope.affiliate_id, role)
    for url in (*PAGES, f"/pay/items/{item.id}", f"/pay/batches/{batch.id}"):
        assert (await other.get(url)).status_code == 403, url
    for url in posts_of(item.id, batch.id):
        assert (await other.post(url, {"reason": "entered_twice"})).status_code == 403, url
    assert (await pay.item(item)).state is State.PENDING


async def test_a_stranger_is_asked_to_sign_in_and_a_shopper_has_no_way(site: Site, pay: Payroll) -> None:
    stranger = await site.visitor()
    shopper = await pay.there.signed_in(site, await pay.there.shopper())
    for url in PAGES:
        assert (await stranger.get(url)).headers["location"].startswith("/sign-in")
        assert (await shopper.get(url)).status_code in (403, 404)


@pytest.mark.parametrize("role", ["payroll", "affiliate_admin"])
async def test_payroll_and_administrators_open_every_page(site: Site, pay: Payroll, role: str) -> None:
    item = await pay.payable(await pay.payee())
    batch = await pay.batch()
    clerk = await site.signed_in(pay.scope.affiliate_id, role)
    for url in (*PAGES, f"/pay/items/{item.id}", f"/pay/batches/{batch.id}"):
        assert (await clerk.get(url)).status_code == 200, url


def posts_of(item_id: object, batch_id: object) -> list[str]:
    """Every form of an item and of a batch."""
    items = [f"/pay/items/{item_id}/{act}" for act in ("void", "reverse", "pay-again")]
    acts = ("export/csv", "export/xml", "take-out", "settle", "cancel")
    return items + [f"/pay/batches/{batch_id}/{act}" for act in acts]


async def test_another_affiliates_ids_are_answered_as_ones_that_nobody_has(
    site: Site, pay: Payroll, theirs: Payroll, clerk: Browser
) -> None:
    item = await theirs.payable(await theirs.payee())
    batch = await theirs.exported()
    filled = {"codes": "S-1", "paid_on": TODAY.isoformat(), "not_sent": "yes"}
    for item_id, batch_id in ((item.id, batch.id), (uuid4(), uuid4())):
        for url in (f"/pay/items/{item_id}", f"/pay/batches/{batch_id}"):
            assert (await clerk.get(url)).status_code == 404, url
        for url in posts_of(item_id, batch_id):
            reason = "account_closed" if "reverse" in url else "entered_twice"
            assert (await clerk.post(url, {**filled, "reason": reason})).status_code == 404, url
    assert (await theirs.item(item)).state is State.PENDING


async def test_lists_and_counts_hold_nothing_of_another_affiliate(
    site: Site, pay: Payroll, theirs: Payroll, clerk: Browser
) -> None:
    item = await theirs.payable(await theirs.payee())
    later = await theirs.payable(await theirs.payee(), currency="EUR")
    batch = await theirs.batch()
    marks = [str(item.id), str(later.id), str(batch.id), "18.95"]
    own = await site.signed_in(theirs.scope.affiliate_id, "payroll")
    for url in ("/pay", "/pay/batches", f"/pay/batches/new?currency=EUR&until={later.promised_on}"):
        assert not [mark for mark in marks if mark in (await clerk.get(url)).text], url
        assert [mark for mark in marks if mark in (await own.get(url)).text], url
    assert "Nothing is owed" in words_of((await clerk.get("/pay")).text)


async def test_the_list_shows_what_is_late_first_and_names_nobody(pay: Payroll, clerk: Browser) -> None:
    shopper = await pay.payee("Zanzibar Quill")
    later, late = await pay.payable(shopper), await pay.payable(shopper)
    await pay.there.owner.execute("UPDATE identity.pay_item SET promised_on = $2 WHERE id = $1", late.id, YESTERDAY)
    page = (await clerk.get("/pay")).text
    assert page.index(str(late.id)) < page.index(str(later.id))
    assert "1 day late" in words_of(page)
    assert "Zanzibar" not in page


YESTERDAY = TODAY.replace(day=TODAY.day - 1)


async def test_the_list_is_narrowed_by_its_url(pay: Payroll, clerk: Browser) -> None:
    shopper = await pay.payee()
    owed, promised = await pay.payable(shopper), await pay.promised(await pay.payee(), currency="GBP")
    code = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    for query in ("state=PAYABLE", "currency=USD", f"q={code.lower()}", "due=later&state=PAYABLE"):
        page = (await clerk.get(f"/pay?{query}")).text
        assert str(owed.id) in page, query
        assert str(promised.id) not in page, query
    assert "Nothing found" in words_of((await clerk.get("/pay?due=late")).text)


async def test_a_long_list_goes_on_by_key(pay: Payroll, clerk: Browser) -> None:
    shopper = await pay.payee()
    shop_ids = await pay.there.shops(51)
    await pay.there.owner.executemany(
        "INSERT INTO identity.pay_item (affiliate_id, shop_id, shopper_id, client_id, kind, fee_cents,"
        " reimbursement_cents, bonus_cents, currency, state, visited_on, promised_on)"
        " VALUES ($1, $2, $3, $4, 'full', 1000, 0, 0, 'USD', 'PAYABLE', $5, $5)",
        [(pay.scope.affiliate_id, shop_id, shopper.id, pay.there.client_id, TODAY) for shop_id in shop_ids],
    )
    first = (await clerk.get("/pay")).text
    found = re.search(r'href="(\?[^"]*after=[^"]+)" rel="next"', first)
    assert found
    second = (await clerk.get("/pay" + found[1].replace("&amp;", "&"))).text
    ids = [set(re.findall(r"/pay/items/([0-9a-f-]{36})", page)) for page in (first, second)]
    assert (len(ids[0]), len(ids[1]), len(ids[0] | ids[1])) == (50, 1, 51)


async def test_from_owed_to_paid_by_forms_alone(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee("Robin Marsh"))
    assert (await clerk.submit("/pay/settings", SETTINGS | {"revision": "0"})).status_code == 303
    dry_run = (await clerk.get(f"/pay/batches/new?until={item.promised_on}")).text
    assert (await pay.item(item)).state is State.PAYABLE
    made = await clerk.post("/pay/batches/new", fields_of(dry_run, "/pay/batches/new"))
    url = made.headers["location"]
    file = await clerk.post(f"{url}/export/xml")
    assert file.status_code == 200
    assert IBAN in file.text
    done = await clerk.post(f"{url}/settle", {"paid_on": TODAY.isoformat(), "failed": ""})
    assert done.headers["location"] == url
    assert (await pay.item(item)).state is State.PAID


async def test_sending_the_form_of_a_new_batch_twice_opens_the_same_batch(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee())
    dry_run = (await clerk.get(f"/pay/batches/new?until={item.promised_on}")).text
    fields = fields_of(dry_run, "/pay/batches/new")
    answers = [await clerk.post("/pay/batches/new", fields) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]


async def test_a_dry_run_that_is_out_of_date_is_shown_again(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee())
    dry_run = (await clerk.get(f"/pay/batches/new?until={item.promised_on}")).text
    await pay.payable(await pay.payee())
    answer = await clerk.post("/pay/batches/new", fields_of(dry_run, "/pay/batches/new"))
    assert answer.status_code == 409
    assert "has changed in the meantime" in words_of(answer.text)
    assert fields_of(answer.text, "/pay/batches/new")["items"] == "2"


async def test_a_form_that_is_from_nowhere_makes_no_batch(clerk: Browser) -> None:
    dated = {"batch": str(uuid4()), "items": "1", "cents": "1", "until": "soon", "currency": "USD"}
    for fields in ({}, {"batch": "x", "items": "1", "cents": "1"}, dated):
        answer = await clerk.post("/pay/batches/new", fields)
        assert answer.headers["location"] == "/pay/batches/new"


async def test_a_dry_run_names_nobody_and_says_why_somebody_is_left_out(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.there.shopper("Zanzibar Quill"))
    page = (await clerk.get(f"/pay/batches/new?until={item.promised_on}")).text
    assert "has not said where to send the money: 1" in words_of(page)
    assert "Zanzibar" not in page


async def test_names_and_accounts_are_in_the_file_and_on_no_page(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee("Zanzibar Quill"))
    batch = await pay.batch()
    file = await clerk.post(f"/pay/batches/{batch.id}/export/csv")
    assert "Zanzibar Quill" in file.text
    assert file.headers["content-disposition"].startswith('attachment; filename="pay-1.csv"')
    for url in ("/pay", "/pay/batches", f"/pay/batches/{batch.id}", f"/pay/items/{item.id}"):
        page = (await clerk.get(url)).text
        assert "Zanzibar" not in page, url
        assert IBAN[-8:] not in page, url


async def test_a_file_is_never_fetched_by_following_a_link(pay: Payroll, clerk: Browser) -> None:
    await pay.payable(await pay.payee())
    batch = await pay.batch()
    assert (await clerk.get(f"/pay/batches/{batch.id}/export/csv")).status_code == 405


async def test_a_bank_file_that_cannot_be_made_says_what_to_do(pay: Payroll, clerk: Browser) -> None:
    await pay.payable(await pay.payee(handle="robin@pay.test", kind="paypal"))
    batch = await pay.batch()
    answer = await clerk.post(f"/pay/batches/{batch.id}/export/xml")
    assert answer.status_code == 409
    assert "which account you pay from" in words_of(answer.text)
    await pay.account()
    assert "A bank file cannot hold these" in (await clerk.post(f"/pay/batches/{batch.id}/export/xml")).text
    assert (await clerk.post(f"/pay/batches/{batch.id}/export/pdf")).status_code == 404


async def test_a_bank_that_pays_tomorrow_has_not_paid(pay: Payroll, clerk: Browser) -> None:
    await pay.payable(await pay.payee())
    batch = await pay.exported()
    for day in ("", "tomorrow", "2026-11-23", "2019-01-01"):
        answer = await clerk.post(f"/pay/batches/{batch.id}/settle", {"paid_on": day})
        assert answer.status_code == 422, day
        assert "cannot be in the future" in answer.text


async def test_a_code_that_is_not_in_the_batch_is_named(pay: Payroll, clerk: Browser) -> None:
    await pay.payable(await pay.payee())
    batch = await pay.exported()
    filled = {"paid_on": TODAY.isoformat(), "not_paid": "yes"}
    for act, field in (("settle", "failed"), ("take-out", "codes")):
        answer = await clerk.post(f"/pay/batches/{batch.id}/{act}", {**filled, field: "s-nobody"})
        assert answer.status_code == 422
        assert "Nothing in this batch is for S-NOBODY" in answer.text


async def test_a_batch_whose_file_was_taken_is_cancelled_only_with_a_word(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee())
    batch = await pay.exported()
    assert (await clerk.post(f"/pay/batches/{batch.id}/cancel")).status_code == 422
    assert (await clerk.post(f"/pay/batches/{batch.id}/cancel", {"not_sent": "yes"})).status_code == 303
    assert (await pay.item(item)).state is State.PAYABLE


async def test_somebody_is_taken_out_of_an_exported_batch_only_with_a_word(pay: Payroll, clerk: Browser) -> None:
    shopper = await pay.payee()
    item = await pay.payable(shopper)
    batch = await pay.exported()
    code = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    act = f"/pay/batches/{batch.id}/take-out"
    assert (await clerk.post(act, {"codes": code})).status_code == 422
    assert (await pay.item(item)).state is State.PENDING
    assert (await clerk.post(act, {"codes": code, "not_paid": "yes"})).status_code == 303
    assert (await pay.item(item)).state is State.PAYABLE


async def test_a_reason_that_is_not_on_offer_changes_nothing(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee())
    answer = await clerk.post(f"/pay/items/{item.id}/void", {"reason": "I do not like them"})
    assert answer.status_code == 422
    assert (await pay.item(item)).state is State.PAYABLE


async def test_an_item_is_voided_once_and_the_second_click_does_no_harm(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee())
    page, act = f"/pay/items/{item.id}", f"/pay/items/{item.id}/void"
    assert (await clerk.submit(page, {"reason": "entered_twice"}, act)).status_code == 303
    assert (await clerk.post(act, {"reason": "entered_twice"})).status_code == 303
    assert "The same visit was entered twice" in (await clerk.get(f"/pay/items/{item.id}")).text


async def test_money_that_came_back_is_paid_again_by_forms(pay: Payroll, clerk: Browser) -> None:
    item = await pay.paid(await pay.payee())
    page = f"/pay/items/{item.id}"
    assert (await clerk.submit(page, {"reason": "account_closed"}, f"{page}/reverse")).status_code == 303
    assert (await clerk.submit(page, {}, f"{page}/pay-again")).status_code == 303
    assert (await pay.item(item)).state is State.PAYABLE


async def test_whoever_is_too_late_is_told_how_it_stands(pay: Payroll, clerk: Browser) -> None:
    item = await pay.payable(await pay.payee())
    await pay.batch()
    page = f"/pay/items/{item.id}"
    assert (await clerk.post(f"{page}/void", {"reason": "entered_twice"})).headers["location"] == page
    assert "Somebody was faster" in (await clerk.get(page)).text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("way", "cheque", "Choose how you pay"),
        ("holder", "", "name of the account"),
        ("number", OWN_IBAN[:-1] + "1", "digits do not fit"),
        ("bank", "XX", "eight or eleven"),
        ("tax_from", "lots", "an amount such as 600"),
        ("tax_from", "1e400", "an amount such as 600"),
        ("tax_from", "-1", "an amount such as 600"),
        ("tax_from", "1.005", "an amount such as 600"),
    ],
)
async def test_settings_that_cannot_be_right_are_refused(clerk: Browser, field: str, value: str, message: str) -> None:
    answer = await clerk.post("/pay/settings", SETTINGS | {"revision": "0", field: value})
    assert answer.status_code == 422
    assert message in words_of(answer.text)


async def test_settings_come_back_as_they_were_saved_and_an_old_page_does_not_overwrite_them(clerk: Browser) -> None:
    await clerk.submit(
        "/pay/settings", SETTINGS | {"revision": "0", "number": f" {OWN_IBAN[:8].lower()} {OWN_IBAN[8:]} "}
    )
    page = HTMLParser((await clerk.get("/pay/settings")).text)
    shown = {each.attributes["name"]: each.attributes.get("value") for each in page.css("form input")}
    assert (shown["number"], shown["tax_from"], shown["revision"]) == (OWN_IBAN, "600.00", "1")
    assert (await clerk.post("/pay/settings", SETTINGS | {"revision": "0", "holder": "Old page"})).status_code == 409
