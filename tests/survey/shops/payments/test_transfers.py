"""The files for people and banks: account numbers, control sums by two other ways, spelling, and no formulas."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.shoppers.domain import Payout, PayoutKind
from survey.shops.payments.domain import (
    NAMESPACE,
    Account,
    NothingToTransfer,
    NotTransferable,
    Order,
    Transfer,
    account_of,
    as_csv,
    as_pain,
    banks_spelling,
    is_account_number,
    is_bic,
    squeezed,
)

# Examples that the registry of IBANs itself prints.
PUBLISHED = (
    "GB29 NWBK 6016 1331 9268 19", "DE89 3704 0044 0532 0130 00", "FR14 2004 1010 0505 0001 3M02 606",
    "NL91 ABNA 0417 1643 00", "ES91 2100 0418 4502 0005 1332", "NO93 8601 1117 947", "CH93 0076 2011 6238 5295 7",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "BE68 5390 0754 7034", "SE45 5000 0000 0583 9825 7466",
)  # fmt: skip
PAYER = Account(PayoutKind.IBAN, "Northlight Mystery Shopping", "DE89370400440532013000", "COBADEFFXXX")
GERMAN = "DE89370400440532013000"
NS = {"p": NAMESPACE}
# What the schema of pain.001.001.09 lets stand in each element that we write, in its order; a bank refuses another.
# Elements that we never write are left out. Leaves say which texts they take, as the standard's types do.
TEXT_35, TEXT_140 = ".{1,35}", ".{1,140}"
AMOUNT = r"(?!0*\.?0*$)\d{1,13}\.\d{2}"  # ActiveOrHistoricCurrencyAndAmount; what banks take begins at 0.01
PARTY = {"Nm": TEXT_140}
ACCOUNT = {"Id": ({"IBAN": "[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}"}, {"Othr": {"Id": ".{1,34}"}})}
BANK = {
    "FinInstnId": (
        {"BICFI": "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?"},
        {"ClrSysMmbId": {"ClrSysId": {"Cd": ".{1,5}"}, "MmbId": TEXT_35}},
        {"Othr": {"Id": TEXT_35}},
    )
}
TRANSFER = {"PmtId": {"EndToEndId": TEXT_35}, "Amt": {"InstdAmt": AMOUNT}, "CdtrAgt?": BANK, "Cdtr": PARTY,
            "CdtrAcct": ACCOUNT, "RmtInf": {"Ustrd": TEXT_140}}  # fmt: skip
TOTALS = {"NbOfTxs": "[0-9]{1,15}", "CtrlSum": AMOUNT}
DAY = r"\d{4}-\d{2}-\d{2}"
SCHEMA = {
    "CstmrCdtTrfInitn": {
        "GrpHdr": {"MsgId": TEXT_35, "CreDtTm": DAY + r"T\d{2}:\d{2}:\d{2}Z", **TOTALS, "InitgPty": PARTY},
        "PmtInf": {
            "PmtInfId": TEXT_35, "PmtMtd": "TRF", "BtchBookg": "true|false", **TOTALS,
            "PmtTpInf?": {"SvcLvl": {"Cd": ".{1,4}"}}, "ReqdExctnDt": {"Dt": DAY}, "Dbtr": PARTY, "DbtrAcct": ACCOUNT,
            "DbtrAgt": BANK, "ChrgBr": "DEBT|CRED|SHAR|SLEV", "CdtTrfTxInf+": TRANSFER,
        },
    }
}  # fmt: skip


def faults(node: ElementTree.Element, wanted: Any, path: str = "") -> list[str]:
    """Where an element and all below it depart from the schema."""
    if isinstance(wanted, str):
        return [] if not len(node) and re.fullmatch(wanted, node.text or "") else [f"{path}: {node.text!r}"]
    if isinstance(wanted, tuple):
        found = [faults(node, each, path) for each in wanted]
        return [] if [] in found else found[0]
    children = list(node)
    wrong: list[str] = []
    for name, inner in wanted.items():
        plain = name.rstrip("?+")
        own: list[ElementTree.Element] = []
        while children and names_of(node)[len(node) - len(children)] == plain and (not own or name.endswith("+")):
            own.append(children.pop(0))
        if not own and not name.endswith("?"):
            return [*wrong, f"{path}/{plain} is missing or out of place"]
        wrong += [fault for each in own for fault in faults(each, inner, f"{path}/{plain}")]
    return wrong + [f"{path}: {child.tag} too many" for child in children]


def order_of(transfers: Sequence[Transfer], currency: str = "EUR", payer: Account | None = PAYER) -> Order:
    return Order("NL-B12", 1, currency, datetime(2026, 11, 22, 9, 30, tzinfo=UTC), date(2026, 11, 24), payer, transfers)


def transfer(code: str = "S-1", name: str = "Robin Marsh", cents: int = 1895, **account: Any) -> Transfer:
    chosen = {"way": PayoutKind.IBAN, "holder": name, "number": GERMAN, "bank": "COBADEFFXXX", **account}
    return Transfer(code, name, Account(**chosen), cents, 1)


def by_piecewise_remainder(number: str) -> bool:
    """MOD 97-10 as it is done by hand: nine digits at a time, without big numbers."""
    digits = "".join(str(ord(c) - 55) if c.isalpha() else c for c in number[4:] + number[:4])
    rest = ""
    while digits:
        rest, digits = str(int((rest + digits[:7]) or "0") % 97), digits[7:]
    return rest == "1"


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_registrys_own_examples_are_numbers_of_accounts(number: str) -> None:
    assert is_account_number(squeezed(number))
    assert by_piecewise_remainder(squeezed(number))


@settings(deadline=None)
@given(st.sampled_from(PUBLISHED), st.integers(4, 33), st.sampled_from("0123456789"))
def test_a_mistyped_digit_is_noticed(number: str, place: int, digit: str) -> None:
    right = squeezed(number)
    at = place % len(right)
    if at < 2 or right[at] == digit:
        return
    assert not is_account_number(right[:at] + digit + right[at + 1 :])


@settings(deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=11, max_size=30), st.integers(0, 99))
def test_the_check_agrees_with_the_one_done_by_hand(body: str, check: int) -> None:
    number = f"XX{check:02}{body}"
    assert is_account_number(number) == by_piecewise_remainder(number)


@pytest.mark.parametrize("number", ["", "GB", "GB29NWBK6016133192681", GERMAN + "0", GERMAN.lower(), "12345678"])
def test_what_is_too_short_too_long_or_no_iban_is_refused(number: str) -> None:
    assert not is_account_number(number)


def test_a_banks_code_has_eight_or_eleven_characters() -> None:
    assert is_bic("COBADEFF")
    assert is_bic("COBADEFFXXX")
    assert not any(map(is_bic, ("", "COBADEF", "COBADEFFXX", "C0 ADEFF")))


@pytest.mark.parametrize(
    ("name", "spelt"),
    [("Zoë Müller", "Zoe Muller"), ("Søren Weiß", "Soren Weiss"), ("O’Neill & Sons", "O'Neill + Sons"), ("王", "."),
     ("  ", "."), ("a" * 90, "a" * 70)],
)  # fmt: skip
def test_a_name_is_spelt_as_banks_can_read_it(name: str, spelt: str) -> None:
    assert banks_spelling(name) == spelt


@settings(deadline=None)
@given(st.text())
def test_whatever_the_name_only_characters_that_banks_take_are_sent(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]{1,70}", banks_spelling(name))


def test_a_bank_file_without_the_payers_account_is_refused() -> None:
    with pytest.raises(NotTransferable) as refused:
        as_pain(order_of([transfer()], payer=None))
    assert refused.value.codes == ()


def test_a_bank_file_names_whom_it_cannot_hold_instead_of_leaving_them_out() -> None:
    paypal, typo = transfer("S-2", way=PayoutKind.PAYPAL), transfer("S-3", number=GERMAN[:-1] + "1")
    with pytest.raises(NotTransferable) as refused:
        as_pain(order_of([transfer(), paypal, typo]))
    assert refused.value.codes == ("S-2", "S-3")


@settings(deadline=None)
@given(st.lists(st.integers(1, 99_999_999), min_size=1, max_size=30))
def test_the_control_sums_are_right_by_two_other_ways(cents: list[int]) -> None:
    made = as_pain(order_of([transfer(f"S-{at}", cents=each) for at, each in enumerate(cents)]))
    tree = ElementTree.fromstring(made)
    amounts = [Decimal(node.text or "") for node in tree.iterfind(".//p:InstdAmt", NS)]
    sums = [Decimal(node.text or "") for node in tree.iterfind(".//p:CtrlSum", NS)]
    counts = [int(node.text or "") for node in tree.iterfind(".//p:NbOfTxs", NS)]
    assert sums == [sum(amounts)] * 2
    assert counts == [len(amounts)] * 2
    # The other way does not read XML, and counts in cents.
    written = [int(whole) * 100 + int(part) for whole, part in re.findall(r'Ccy="EUR">(\d+)\.(\d\d)<', made.decode())]
    assert written == cents
    assert re.findall(r"<CtrlSum>(\d+)\.(\d\d)<", made.decode()) == [divided(sum(cents))] * 2


def divided(cents: int) -> tuple[str, str]:
    return str(cents)[:-2] or "0", str(cents)[-2:].rjust(2, "0")


AMERICAN = Account(PayoutKind.US_BANK, "Northlight", "000123456789", "021000021")


@pytest.mark.parametrize(
    ("currency", "payer", "account"),
    [
        ("EUR", PAYER, {}),
        ("EUR", replace(PAYER, bank=""), {"bank": ""}),
        ("GBP", PAYER, {"name": "Zoë Müller-Lüdenscheidt" * 8}),
        ("USD", AMERICAN, {"way": PayoutKind.US_BANK, "number": "9876543210", "bank": "011000015"}),
    ],
    ids=["sepa", "without-a-banks-code", "long-names", "american"],
)  # fmt: skip
def test_every_element_is_what_the_standards_schema_lets_stand_there(
    currency: str, payer: Account, account: dict[str, Any]
) -> None:
    made = as_pain(order_of([transfer(**account), transfer("S-2", **account)], currency, payer))
    assert faults(ElementTree.fromstring(made), SCHEMA) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<PmtMtd>TRF</PmtMtd>", ""),
        ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CHK</PmtMtd>"),
        ("18.95<", "0.00<"),
        ("<BICFI>COBADEFFXXX</BICFI>", "<BICFI>nobank</BICFI>"),
        ("<RmtInf>", "<Purp><Cd>SALA</Cd></Purp><RmtInf>"),
        ("<EndToEndId>NL", "<EndToEndId>" + "N" * 40),
    ],
)
def test_the_check_of_the_schema_finds_what_is_wrong(right: str, wrong: str) -> None:
    made = as_pain(order_of([transfer()])).decode()
    assert right in made
    assert faults(ElementTree.fromstring(made.replace(right, wrong)), SCHEMA)


def test_whoever_is_owed_nothing_is_in_the_list_and_not_in_the_bank_file() -> None:
    order = order_of([transfer(), transfer("S-2", cents=0, way=PayoutKind.PAYPAL)])
    tree = ElementTree.fromstring(as_pain(order))
    assert [node.text for node in tree.iterfind(".//p:NbOfTxs", NS)] == ["1", "1"]
    assert len(list(tree.iterfind(".//p:CdtTrfTxInf", NS))) == 1
    assert len(list(csv.DictReader(io.StringIO(as_csv(order).decode("utf-8-sig"))))) == 2


def test_a_bank_file_of_nothing_is_refused() -> None:
    with pytest.raises(NothingToTransfer):
        as_pain(order_of([transfer(cents=0)]))


def names_of(node: ElementTree.Element) -> list[str]:
    return [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in node]


def test_euros_go_by_sepa_and_other_money_at_shared_cost() -> None:
    assert b"<Cd>SEPA</Cd>" in as_pain(order_of([transfer()]))
    pounds = as_pain(order_of([transfer()], "GBP"))
    assert b"SEPA" not in pounds
    assert b"<ChrgBr>SHAR</ChrgBr>" in pounds


def test_a_payer_without_a_banks_code_says_so_in_the_standards_words() -> None:
    assert b"<Id>NOTPROVIDED</Id>" in as_pain(order_of([transfer()], payer=replace(PAYER, bank="")))


def test_an_account_in_the_us_goes_by_number_and_routing_number() -> None:
    american = Account(PayoutKind.US_BANK, "Northlight", "000123456789", "021000021")
    each = transfer(way=PayoutKind.US_BANK, number="9876543210", bank="011000015")
    tree = ElementTree.fromstring(as_pain(order_of([each], "USD", american)))
    found = [
        node.text for path in ("DbtrAcct", "CdtrAcct") for node in tree.iterfind(f".//p:{path}/p:Id/p:Othr/p:Id", NS)
    ]
    assert found == ["000123456789", "9876543210"]
    assert [node.text for node in tree.iterfind(".//p:ClrSysMmbId/p:MmbId", NS)] == ["021000021", "011000015"]


@pytest.mark.parametrize(("bank", "is_right"), [("021000021", True), ("021000012", False), ("02100002", False)])
def test_a_bank_file_holds_an_american_account_only_with_a_right_routing_number(bank: str, is_right: bool) -> None:
    account = account_of(Payout(PayoutKind.US_BANK, f"{bank}/9876543210"), "Robin Marsh")
    assert (account.bank, account.number) == (bank, "9876543210")
    assert account.is_transferable == is_right


@settings(deadline=None)
@given(st.integers(0, 99_999), st.text("ABCDEF0123456789", min_size=6, max_size=12))
def test_each_transfer_has_a_reference_of_its_own_that_fits(number: int, code: str) -> None:
    many = [transfer(f"S-{code}{at}") for at in range(3)]
    made = as_pain(replace(order_of(many), reference=f"NL-B{number}", file=2))
    references = re.findall(r"<EndToEndId>(.+?)</EndToEndId>", made.decode())
    assert len(set(references)) == 3
    assert all(len(each) <= 35 for each in references)


def test_what_somebody_typed_cannot_become_markup() -> None:
    made = as_pain(order_of([transfer(name="</Nm><Evil/>&amp;")]))
    assert "Evil" not in [node.tag for node in ElementTree.fromstring(made).iter()]


@settings(deadline=None)
@given(st.text("=+-@\t\r＝＋－＠x'1", min_size=1, max_size=8))
def test_no_cell_of_the_list_begins_like_a_formula(name: str) -> None:
    body = as_csv(order_of([transfer("S-1", name=name, holder=name, number=name)])).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(body, newline="")) for cell in row]
    assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in cells)


def test_the_list_has_a_line_for_each_person_with_the_amount() -> None:
    body = as_csv(order_of([transfer(), transfer("S-2", "Zoë", 5)], "USD")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(row["name"], row["amount"], row["currency"]) for row in rows] == [
        ("Robin Marsh", "18.95", "USD"), ("Zoë", "0.05", "USD"),
    ]  # fmt: skip
