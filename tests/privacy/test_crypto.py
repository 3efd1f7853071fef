"""The primitives keep what they promise, and agree with the published vectors."""

import pickle
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privacy import crypto
from privacy.errors import SealBroken

KEY = bytes(range(32))
READY = crypto.cipher(KEY)


@given(st.binary(max_size=200), st.binary(max_size=40), st.data())
def test_no_byte_of_an_encrypted_value_may_change(plaintext: bytes, bound: bytes, data: st.DataObject) -> None:
    encrypted = bytearray(crypto.encrypt(READY, plaintext, bound))
    encrypted[data.draw(st.integers(0, len(encrypted) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        crypto.decrypt(READY, bytes(encrypted), bound)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_what_is_bound_to_one_thing_does_not_open_for_another(bound: bytes, other: bytes) -> None:
    assume(bound != other)
    with pytest.raises(SealBroken):
        crypto.decrypt(READY, crypto.encrypt(READY, b"text", bound), other)


@pytest.mark.parametrize("length", range(28))
def test_a_value_too_short_to_be_encrypted_is_broken(length: int) -> None:
    with pytest.raises(SealBroken):
        crypto.decrypt(READY, bytes(length), b"")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        crypto.cipher(bytes(length))


def test_a_key_made_ready_neither_prints_nor_pickles() -> None:
    assert KEY.hex() not in repr(READY)
    assert repr(KEY) not in repr(READY)
    with pytest.raises(TypeError):
        pickle.dumps(READY)


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_encrypted_comes_back(plaintext: bytes, bound: bytes) -> None:
    assert crypto.decrypt(READY, crypto.encrypt(READY, plaintext, bound), bound) == plaintext


def test_the_same_value_never_looks_the_same_twice() -> None:
    assert len({crypto.encrypt(READY, b"text", b"") for _ in range(100)}) == 100


def test_aes_gcm_opens_the_published_vector() -> None:
    # McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16 (256-bit key, with associated data).
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    ciphertext = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    )
    tag = bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b")
    opened = crypto.decrypt(crypto.cipher(key), nonce + ciphertext + tag, bound)
    assert opened.hex().startswith("d9313225f88406e5a55909c5aff5269a")
    assert opened.hex().endswith("b16aedf5aa0de657ba637b39")


def test_hkdf_agrees_with_its_definition() -> None:
    # RFC 5869, section 2: extract with a salt of zeros, then the first block of expand.
    extracted = crypto.hmac_sha256(bytes(32), KEY)
    assert crypto.derive_key(KEY, "use") == crypto.hmac_sha256(extracted, b"use" + b"\x01")


def test_hmac_agrees_with_rfc_4231() -> None:
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert crypto.hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == expected


def test_derived_keys_differ_by_use_and_by_key() -> None:
    derived = {crypto.derive_key(KEY, "one"), crypto.derive_key(KEY, "two"), crypto.derive_key(bytes(32), "one")}
    assert len(derived) == 3
    assert all(len(key) == 32 for key in derived)


def test_sha256_agrees_with_fips_180() -> None:
    assert crypto.sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.lists(st.binary(max_size=50)))
def test_content_in_pieces_has_the_digest_of_the_whole(chunks: list[bytes]) -> None:
    assert crypto.sha256_of(iter(chunks)) == crypto.sha256(b"".join(chunks))


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_secrets_are_the_same_only_where_every_byte_is(one: bytes, other: bytes) -> None:
    assert crypto.is_same(one, other) == (one == other)
    assert crypto.is_same(one, bytes(one))


def test_random_ids_are_version_4_and_all_different() -> None:
    ids = [*crypto.random_ids(1000), crypto.random_id()]
    assert len(set(ids)) == 1001
    assert {(one.version, one.variant) for one in ids} == {(4, UUID(int=1 << 63).variant)}


def test_random_bytes_come_in_the_length_asked_for() -> None:
    assert len(crypto.random_bytes(32)) == 32
    assert crypto.random_bytes(32) != crypto.random_bytes(32)


# RFC 8032, section 7.1: seed, public key, message, signature.
ED25519 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
        "4655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
        "eb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signed"), ED25519)
def test_signatures_are_those_of_the_rfc(seed: str, public: str, message: str, signed: str) -> None:
    assert crypto.public_key(bytes.fromhex(seed)).hex() == public
    assert crypto.signature(bytes.fromhex(seed), bytes.fromhex(message)).hex() == signed
    assert crypto.is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signed))
