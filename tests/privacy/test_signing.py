"""A signature holds for one message under a key that is known, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.signing import Signature, holds, public_keys, sign

OLD, NEW, STRANGE = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32


@given(st.binary(min_size=1, max_size=200), st.data())
def test_no_byte_of_what_was_signed_may_change(message: bytes, data: st.DataObject) -> None:
    signed, other = sign((NEW,), message), bytearray(message)
    other[data.draw(st.integers(0, len(message) - 1))] ^= data.draw(st.integers(1, 255))
    assert not holds((NEW,), bytes(other), signed)
    assert holds((NEW,), message, signed)


@given(st.binary(max_size=80))
def test_what_is_no_signature_never_holds(made_up: bytes) -> None:
    assert not holds((NEW,), b"text", Signature(sign((NEW,), b"text").key, made_up))


def test_a_stranger_signs_nothing_in_our_name() -> None:
    theirs = sign((STRANGE,), b"text")
    assert not holds((NEW, OLD), b"text", theirs)
    assert not holds((NEW, OLD), b"text", Signature(sign((NEW,), b"text").key, theirs.value))


@pytest.mark.parametrize("keys", [(NEW, OLD), (STRANGE, NEW, OLD)])
def test_what_was_signed_holds_when_another_key_has_taken_over(keys: tuple[bytes, ...]) -> None:
    assert holds(keys, b"text", sign((OLD,), b"text"))


def test_the_newest_key_signs_and_all_are_published_without_their_secrets() -> None:
    published = public_keys((NEW, OLD))
    assert list(published) == [sign((NEW,), b"a").key, sign((OLD,), b"a").key]
    assert not {NEW, OLD} & set(published.values())
    assert {len(each) for each in published.values()} == {32}
