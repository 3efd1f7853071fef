"""The last look reads as people do: signs that nobody sees and missing accents hide nobody."""

from uuid import UUID

import pytest

from survey.releases.domain import Maker, Revealing, check

MAKER = Maker(
    UUID("00000000-0000-4000-8000-00000000ca4a"), "KES-0417", "Zoë Fjordby", "zoe@post.test", "+44 20 7946 0958",
    "Élan Terrace 9",
)  # fmt: skip


def kinds_in(text: str) -> list[str]:
    """What the last look finds in words that somebody wrote."""
    try:
        check([text], [text], MAKER, {"reference": "CK-0031"})
    except Revealing as refusal:
        return list(refusal.kinds)
    return []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Zoe wrote this.", "name"),
        ("Zo\u00eb wrote this.", "name"),
        ("Zoe\u0308 wrote this.", "name"),
        ("Z\u200bo\u200be wrote this.", "name"),
        ("Fjord\u00adby wrote this.", "name"),
        ("\uff3aoe wrote this.", "name"),
        ("Write to zoe\u200b@post.test, please.", "e-mail"),
        ("By KES\u20110417.", "code"),
        ("She lives at Elan Terrace 9.", "street"),
        ("Ring 020 7946\u200b0958.", "telephone"),
        ("Visit CK-\u200d0031.", "reference"),
    ],
)
def test_what_tells_who_made_a_visit_is_found_however_it_is_written(text: str, kind: str) -> None:
    assert kind in kinds_in(text)


def test_other_words_do_not_tell_who_made_a_visit() -> None:
    assert kinds_in("The zone by the fjord was clean, at 20 to 9.") == []


def test_other_korean_syllables_that_begin_alike_are_another_name() -> None:
    maker = Maker(MAKER.id, "KES-0417", "김민수", "", "", "")
    check(["강문석"], ["강문석"], maker, {})
    with pytest.raises(Revealing):
        check(["김민수"], ["김민수"], maker, {})
