"""One tree of errors, which carry facts and no person's data."""

from uuid import UUID

import pytest

from privacy import errors


@pytest.mark.parametrize(
    "error",
    [
        errors.BadToken("survey"),
        errors.ExpiredToken("survey"),
        errors.Unclassified(["identity.contact.shoe_size"]),
        errors.SealBroken("identity.contact.email"),
        errors.UnknownKey(3),
        errors.KeyShredded(UUID(int=1)),
    ],
)
def test_every_error_hangs_on_one_tree(error: errors.PrivacyError) -> None:
    assert isinstance(error, errors.PrivacyError)


def test_an_expired_token_is_a_bad_token() -> None:
    assert issubclass(errors.ExpiredToken, errors.BadToken)


def test_an_error_carries_its_facts() -> None:
    assert errors.Unclassified(["a.b.c", "a.b.d"]).columns == ("a.b.c", "a.b.d")
    assert "a.b.c, a.b.d" in str(errors.Unclassified(["a.b.c", "a.b.d"]))
    assert errors.SealBroken("a.b.c").place == "a.b.c"
    assert errors.UnknownKey(3).version == 3
    assert errors.KeyShredded(UUID(int=1)).subject_id == UUID(int=1)
