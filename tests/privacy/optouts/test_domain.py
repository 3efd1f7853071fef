"""Two spellings of one address are one address; two addresses are two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.optouts import StopScope, normalised, suppression_key, suppression_keys
from privacy.optouts.domain import require_reach

KEY = bytes([3]) * 32
LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789.+_-", min_size=1)
WORDS = st.text(st.characters(categories=["L", "N", "M", "Cf"]), min_size=1, max_size=6)
DOMAINS = st.from_regex(r"[a-z][a-z0-9]{0,10}\.(com|org|de)", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jo.doe@gmail.com", "jodoe@gmail.com"),
        ("jo+shop@example.com", "jo@example.com"),
        ("jo@example.com", "jo@example.org"),
        ("jo@straße.de", "jo@strasse.de"),
        ("jo@example.com", "jo@mail.example.com"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)
    assert suppression_key(KEY, one) != suppression_key(KEY, other)


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        ("  Jo.Doe@Example.COM\t", "jo.doe@example.com"),
        ("jo@example.com.", "jo@example.com"),
        ("jo@BÜCHER.example", "jo@xn--bcher-kva.example"),
        ("jo@xn--bcher-kva.example", "jo@xn--bcher-kva.example"),
        ("jo@bücher。example", "jo@xn--bcher-kva.example"),
        ("jo@straße.de", "jo@xn--strae-oqa.de"),
        ("ｊｏ＠ｅｘａｍｐｌｅ．com", "jo@example.com"),
        ("\ufeffjo@exam\u00adple.com\u200b", "jo@example.com"),
        ("j\u200bo@example.com", "jo@example.com"),
        ("\u00a0jo@example.com", "jo@example.com"),
        ("JOSÉ@example.com", "josé@example.com"),
        ("jose\u0301@example.com", "josé@example.com"),
        ("ﬁona@example.com", "fiona@example.com"),
        ("jo@a_ü.example", "jo@a_ü.example"),
        ("é@a_b.example", "é@a_b.example"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_spellings_of_one_address_become_one(spelling: str, normal: str) -> None:
    assert normalised(spelling) == normal


@given(st.builds("{}@{}.{}".format, WORDS, WORDS, WORDS))
def test_a_normal_form_is_its_own_normal_form(address: str) -> None:
    assert normalised(normalised(address)) == normalised(address)


@given(LOCAL, DOMAINS, st.text(" \t\r\n", max_size=3))
def test_case_and_blanks_around_do_not_matter(local: str, domain: str, blank: str) -> None:
    address = f"{local}@{domain}"
    assert normalised(blank + address.upper() + blank) == normalised(address) == address


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_was_typed_has_a_suppression_key(text: str) -> None:
    assert len(suppression_key(KEY, text)) == 32


def test_a_suppression_key_cannot_be_made_without_the_key() -> None:
    assert suppression_key(KEY, "jo@example.com") != suppression_key(bytes(32), "jo@example.com")


def test_the_first_normalisation_never_changes() -> None:
    # If this fails, the keys in the suppression list no longer match: make a second version instead.
    expected = "0be181ea602caa9c161b1d639fdee40ad1d9130bb6daec6343d8b6430f8bf889"
    assert suppression_key(KEY, " Jo@Bücher.example ", version=1).hex() == expected


@pytest.mark.parametrize("reach", [(StopScope.CLIENT, None), (StopScope.EVERYTHING, "a client")])
def test_a_client_is_named_for_a_stop_of_one_client_and_only_then(reach: tuple[StopScope, None]) -> None:
    with pytest.raises(ValueError, match="client"):
        require_reach(*reach)


@given(st.lists(st.text(), max_size=5))
def test_many_suppression_keys_are_those_of_each_address(addresses: list[str]) -> None:
    assert suppression_keys(KEY, addresses) == [suppression_key(KEY, address) for address in addresses]
