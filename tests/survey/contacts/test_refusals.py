"""What must not come in, by the name of a column and by the look of a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.redaction import is_worth_a_look
from survey.contacts.domain import Refusal, is_refused_column, refusal_of

CARDS = [
    "4111 1111 1111 1111",
    "4111111111111111",
    "5500-0000-0000-0004",
    "3400 000000 00009",
    "6011000000000004",
    "30000000000004",
    "card 4111 1111 1111 1111 12/27",
    "4111.1111.1111.1111",
    "\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11",
]
SOCIAL_SECURITY = ["219-09-9999", "SSN 219-09-9999", "219 09 9999", "ssn: 219099999", "219‑09‑9999", "old 219.09.9999!"]
ACCOUNTS = [
    "DE89 3704 0044 0532 0130 00",
    "de89370400440532013000",
    "pay to GB82WEST12345698765432 please",
    "NL91-ABNA-0417-1643-00",
    "FR1420041010050500013M02606 x",
]
HARMLESS = [
    "call back",
    "vip",
    "+49 170 1234567",
    "(020) 7946 0958",
    "2026-08-02 10:22:11",
    "order 1234567890123456",
    "4111 1111 1111 1112",
    "NL92 ABNA 0417 1643 00",
    "CK-038",
    "12/27",
    "ana.reyes.320@example.net",
]


@pytest.mark.parametrize("value", CARDS)
def test_a_card_number_is_refused_wherever_it_stands(value: str) -> None:
    assert (is_worth_a_look(value), refusal_of(value)) == (True, Refusal.CARD)


@pytest.mark.parametrize("value", SOCIAL_SECURITY)
def test_a_social_security_number_is_refused(value: str) -> None:
    assert (is_worth_a_look(value), refusal_of(value)) == (True, Refusal.SOCIAL_SECURITY)


@pytest.mark.parametrize("value", ACCOUNTS)
def test_a_bank_account_is_refused(value: str) -> None:
    assert (is_worth_a_look(value), refusal_of(value)) == (True, Refusal.BANK_ACCOUNT)


@pytest.mark.parametrize("value", HARMLESS)
def test_numbers_that_are_nothing_of_the_kind_are_kept(value: str) -> None:
    assert refusal_of(value) is None


@given(st.text(st.sampled_from(list("0123456789 -.DEde|ab")), max_size=45))
def test_whatever_is_refused_is_worth_a_look(value: str) -> None:
    assert refusal_of(value) is None or is_worth_a_look(value)


@pytest.mark.parametrize(
    "name",
    [
        "ssn",
        "SSN#",
        "Social Security Number",
        "SocialSecurityNo",
        "Sozialversicherungsnummer",
        "passport_no",
        "Reisepass",
        "Credit Card",
        "creditCardNumber",
        "CARD",
        "Kreditkarte",
        "tarjeta de crédito",
        "Carte bancaire",
        "CVV",
        "IBAN",
        "Kontonummer",
        "Health status",
        "Gesundheitszustand",
        "santé",
        "Diagnose",
        "Religion",
        "religión",
        "Ethnicity",
        "Gewerkschaft",
        "Sexual orientation",
        "Führerschein-Nr.",
        "Passwort",
        "Numéro de sécurité sociale",
        "Social Sec No",
        "Soc. Sec.",
        "Número de seguro social",
        "Versichertennummer",
        "AHV-Nr.",
        "cc_num",
        "CC Number",
        "Amex",
        "Credit cards",
        "medications",
        "Allergien",
        "Medicare ID",
        "NHS number",
        "Patient ID",
        "blood_type",
        "ICD-10",
        "Vaccinated",
        "Special needs",
    ],
)
def test_a_column_of_this_name_is_refused(name: str) -> None:
    assert is_refused_column(name)


@pytest.mark.parametrize(
    "name",
    [
        "first_name",
        "E-Mail-Adresse",
        "Filiale",
        "Store code",
        "Ciudad",
        "Notes",
        "Postcode",
        "Passage",
        "Spend",
        "Scorecard",
        "Cardiff",
        "Next visit",
    ],
)
def test_a_column_of_this_name_is_not_refused(name: str) -> None:
    assert not is_refused_column(name)
