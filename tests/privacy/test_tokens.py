"""A token opens one thing for one purpose, and nobody can make one."""

import base64
from datetime import UTC, datetime, timedelta
from string import printable
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.errors import BadToken, ExpiredToken
from privacy.tokens import Purpose, read, read_timed, sign, sign_until

NEW, OLD, STRANGE = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
KEYS = (NEW, OLD)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PURPOSES = st.sampled_from(Purpose)
URL_SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(st.uuids(), PURPOSES, PURPOSES)
def test_a_token_is_refused_for_every_other_purpose(entry_id: UUID, purpose: Purpose, other: Purpose) -> None:
    token = sign(KEYS, purpose, entry_id)
    if purpose != other:
        with pytest.raises(BadToken):
            read(KEYS, other, token)
    else:
        assert read(KEYS, other, token) == entry_id


@given(st.uuids(), st.data())
def test_no_character_of_a_token_may_change(entry_id: UUID, data: st.DataObject) -> None:
    token = sign(KEYS, Purpose.SURVEY, entry_id)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(printable).filter(lambda character: character != token[at]))
    with pytest.raises(BadToken):
        read(KEYS, Purpose.SURVEY, token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("last", sorted(URL_SAFE))
def test_a_token_has_one_spelling_only(last: str) -> None:
    # The last character of sixteen bytes in base64 has four bits over, which decoding overlooks.
    token = sign(KEYS, Purpose.SURVEY, UUID(int=1))
    if last != token[-1]:
        with pytest.raises(BadToken):
            read(KEYS, Purpose.SURVEY, token[:-1] + last)
    else:
        assert read(KEYS, Purpose.SURVEY, token[:-1] + last) == UUID(int=1)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        read(KEYS, Purpose.SURVEY, text)
    with pytest.raises(BadToken):
        read_timed(KEYS, Purpose.SURVEY, text, now=NOW)


@pytest.mark.parametrize("mangle", [lambda t: t + "\n", lambda t: t + "=", lambda t: " " + t, lambda t: t[:-1]])
def test_a_token_with_something_added_or_cut_is_refused(mangle: object) -> None:
    assert callable(mangle)
    with pytest.raises(BadToken):
        read(KEYS, Purpose.SURVEY, mangle(sign(KEYS, Purpose.SURVEY, uuid4())))


def test_a_token_of_a_key_that_left_the_ring_is_refused() -> None:
    with pytest.raises(BadToken):
        read(KEYS, Purpose.SURVEY, sign((STRANGE,), Purpose.SURVEY, uuid4()))


def test_a_refusal_does_not_repeat_the_token() -> None:
    token = sign((STRANGE,), Purpose.SURVEY, uuid4())
    with pytest.raises(BadToken) as refused:
        read(KEYS, Purpose.SURVEY, token)
    assert refused.value.purpose == "survey"
    assert token[-10:] not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("keys", [(), (b"short",), (NEW, b"short")])
def test_a_ring_without_keys_or_with_a_short_one_is_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="token key"):
        sign(keys, Purpose.SURVEY, uuid4())


@given(st.uuids(), PURPOSES)
def test_a_token_is_short_and_safe_in_a_url(entry_id: UUID, purpose: Purpose) -> None:
    token = sign(KEYS, purpose, entry_id)
    assert len(token) == 45
    assert set(token) <= URL_SAFE


@given(st.uuids())
def test_a_token_holds_the_sixteen_bytes_of_the_id_and_its_seal(entry_id: UUID) -> None:
    payload, tag = sign(KEYS, Purpose.OPT_OUT, entry_id).split(".")
    assert base64.urlsafe_b64decode(payload + "==") == entry_id.bytes
    assert len(base64.urlsafe_b64decode(tag + "==")) == 16


@given(st.uuids(), PURPOSES)
def test_an_old_key_still_reads_and_the_newest_one_signs(entry_id: UUID, purpose: Purpose) -> None:
    assert read(KEYS, purpose, sign((OLD,), purpose, entry_id)) == entry_id
    assert sign(KEYS, purpose, entry_id) == sign((NEW,), purpose, entry_id)


@given(st.uuids(), st.integers(1, 10**8))
def test_a_timed_token_ends_in_its_last_second(entry_id: UUID, seconds: int) -> None:
    token = sign_until(KEYS, Purpose.PASSWORD_RESET, entry_id, now=NOW, seconds=seconds)
    last = NOW + timedelta(seconds=seconds)
    with pytest.raises(ExpiredToken):
        read_timed(KEYS, Purpose.PASSWORD_RESET, token, now=last)
    assert read_timed(KEYS, Purpose.PASSWORD_RESET, token, now=last - timedelta(seconds=1)) == entry_id


@given(st.uuids(), st.data())
def test_no_character_of_a_timed_token_may_change(entry_id: UUID, data: st.DataObject) -> None:
    token = sign_until(KEYS, Purpose.DOWNLOAD, entry_id, now=NOW, seconds=60)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(printable).filter(lambda character: character != token[at]))
    with pytest.raises(BadToken):
        read_timed(KEYS, Purpose.DOWNLOAD, token[:at] + other + token[at + 1 :], now=NOW)


def test_a_timed_token_is_refused_for_another_purpose() -> None:
    token = sign_until(KEYS, Purpose.PASSWORD_RESET, uuid4(), now=NOW, seconds=60)
    with pytest.raises(BadToken):
        read_timed(KEYS, Purpose.ACCOUNT_INVITE, token, now=NOW)


def test_timed_and_lasting_tokens_do_not_stand_in_for_one_another() -> None:
    with pytest.raises(BadToken):
        read(KEYS, Purpose.FORM, sign_until(KEYS, Purpose.FORM, uuid4(), now=NOW, seconds=60))
    with pytest.raises(BadToken):
        read_timed(KEYS, Purpose.FORM, sign(KEYS, Purpose.FORM, uuid4()), now=NOW)


def test_an_old_key_still_reads_timed_tokens() -> None:
    entry_id = uuid4()
    token = sign_until((OLD,), Purpose.DOWNLOAD, entry_id, now=NOW, seconds=60)
    assert read_timed(KEYS, Purpose.DOWNLOAD, token, now=NOW) == entry_id
