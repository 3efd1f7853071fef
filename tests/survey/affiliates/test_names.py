"""What a company may be called, and when two names look the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.affiliates.domain import is_phone, key_of, trouble_in_line, trouble_in_lines, trouble_in_name

CYRILLIC_CANDOUR = "\u0421\u0430ndour"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kestrel\r\nBcc: everybody@example.org", "line break"),
        ("Kestrel\nResearch", "line break"),
        ("Kestrel\u2028Research", "line break"),
        ("Kestrel \u202ehcraeseR", "turn the direction"),
        ("Kestrel\u2066 Research", "turn the direction"),
        ("Kes\u200btrel", "cannot be seen"),
        ("Kes\u00adtrel", "cannot be seen"),
        ("Kes\x07trel", "cannot be seen"),
        ("Kes\ue000first_name\ue001trel", "cannot be seen"),
        ("<b>Kestrel</b>", "< and >"),
        ("office@bank.example", "without an address"),
        ("Kestrel https://bank.example", "without an address"),
        ("www.kestrel.example", "without an address"),
        ("K\u0435strel", "of one alphabet"),  # a Cyrillic e
        ("Kestre\u03b9", "of one alphabet"),  # a Greek iota
        ("—", "one letter or digit"),
    ],
)
def test_what_misleads_is_refused_with_the_reason(name: str, words: str) -> None:
    assert words in str(trouble_in_name(name))


@pytest.mark.parametrize(
    "name",
    [
        "Candour",
        "candour",
        "CANDOUR Support",
        "C a n d o u r",
        "Cand0ur",
        "Cándöur",
        "ＣＡＮＤＯＵＲ",
        "The Candour Team",
        "Candour.",
    ],
)
def test_nobody_is_called_like_the_platform(name: str) -> None:
    assert "the platform’s" in str(trouble_in_name(name))


def test_not_even_in_letters_of_another_alphabet() -> None:
    assert key_of(CYRILLIC_CANDOUR) == "candour"
    assert trouble_in_name(CYRILLIC_CANDOUR) is not None


@pytest.mark.parametrize(
    "name",
    ["Northlight Mystery Shopping", "Harbor & Pine", "O’Neill Feldforschung GmbH", "Müller+Söhne", "3rd Eye",
     "株式会社ミラー", "Исследования Север", "Éclair (UK) Ltd."],
)  # fmt: skip
def test_companies_have_all_kinds_of_names(name: str) -> None:
    assert trouble_in_name(name) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northlight", "NORTHLIGHT"),
        ("Northlight", "North-Light"),
        ("Northlight", "Nörthlight"),
        ("Northlight", "N0rth1ight"),
        ("Illumina", "lllumina"),
        ("Beacon", "\u0412\u0435\u0430\u0441\u043e\u043f"),  # Cyrillic throughout
    ],
)
def test_names_that_the_eye_takes_for_one_another_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("one", "other"), [("Northlight", "Southlight"), ("Modern", "Modem"), ("Acme", "Acme Two")])
def test_names_that_differ_have_keys_that_differ(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@given(st.text(max_size=40))
def test_a_name_that_is_taken_begins_no_header_and_holds_nothing_unseen(name: str) -> None:
    if trouble_in_name(name) is None:
        assert "".join(name.split()).isprintable()
        assert not set(name) & set("\r\n\x00<>@")


@given(st.text(max_size=40))
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert key_of(key_of(name)) == key_of(name)


@pytest.mark.parametrize("text", ["1 High Street\nTestford", "Straße 1\r\n10115 Berlin"])
def test_a_postal_address_may_have_lines(text: str) -> None:
    assert trouble_in_lines(text) is None
    assert trouble_in_line(text) == "without a line break"


@pytest.mark.parametrize("text", ["1 High Street\x00", "1 High\u202e Street", "<script>"])
def test_a_postal_address_holds_nothing_that_acts(text: str) -> None:
    assert trouble_in_lines(text) is not None


@pytest.mark.parametrize("text", ["+1 555 010 0199", "(0131) 496 0000", "030/901820", "+44 20 7946 0000 ext. 12"])
def test_a_telephone_number_is_written_as_people_write_one(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "call us",
        "+1\r\nBcc: x@example.org",
        "1234",
        "+" * 10,
        "5" * 60,
        "(----)",
        "1 - - - 2",
        "(12) 34",
        "(----) x123456",
        "+1 555\u202e0199",
        "+1 555 0199 <b>",
    ],
)
def test_anything_else_is_no_telephone_number(text: str) -> None:
    assert not is_phone(text)
