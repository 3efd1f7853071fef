"""What the scan finds in a narrative, what it leaves alone, and what its replacing promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.redaction import DEFAULT_TOKENS, Finding, Kind, findings, replaced

CARD = "4111 1111 1111 1111"
IBAN = "GB29 NWBK 6016 1331 9268 19"


def found_in(text: str, known: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Kind and words of each finding."""
    return [(each.kind.value, text[each.start : each.end]) for each in findings(text, known, own)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (f"I paid with {CARD} at the till", "card", CARD),
        ("It said ４１１１１１１１１１１１１１１１ on the slip", "card", "４１１１１１１１１１１１１１１１"),
        (f"Refund to {IBAN} please", "bank_account", IBAN),
        ("My number is 123-45-6789.", "social_security", "123-45-6789"),
        ("my ssn is 078051120", "social_security", "ssn is 078051120"),
        ("Her social security number was 078051120.", "social_security", "social security number was 078051120"),
        ("Write to ann.lee@shop.example about it", "email", "ann.lee@shop.example"),
        ("She gave me (415) 555-2671 to call", "telephone", "(415) 555-2671"),
        ("Call +44 20 7946 0018 any time", "telephone", "+44 20 7946 0018"),
        ("I asked Mr Ó Briain", "name", "Mr"),
        ("then Ms. Delgado Ruiz came over", "name", "Ms. Delgado Ruiz"),
        ("My server Anna was quick", "name", "Anna"),
        ("The cashier, Tom, smiled", "name", "Tom"),
        ("a barista named Lee made it", "name", "Lee"),
        ("Her name tag said “dolores” and she smiled", "name", "dolores"),
        ("His badge read KOFI when he turned", "name", "KOFI"),
        ("I was greeted by Priya at the door", "name", "Priya"),
    ],
)
def test_what_says_who_somebody_is_is_found_where_it_stands(text: str, kind: str, words: str) -> None:
    assert any(found == kind and shown.startswith(words) for found, shown in found_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "The server I had was friendly, and the manager Then left.",
        "They never asked for my SSN; it is order 078051120 on the slip.",
        "I waited 4 minutes and paid 12.50 at 10:35 on 12/11/2026.",
        "Receipt 4111 1111 1111 1112, table 12.",
        "The store was clean. Monday is busy. The barista smiled.",
        "",
    ],
)
def test_ordinary_sentences_are_left_alone(text: str) -> None:
    assert findings(text) == []


def test_known_names_are_found_however_they_are_written() -> None:
    assert found_in("anna and ANNA, but not Annabel", known=("Anna",)) == [("name", "anna"), ("name", "ANNA")]


def test_the_writers_own_name_is_told_apart() -> None:
    assert found_in("I gave my name, Robin Marsh.", own=("Robin Marsh",)) == [("author", "Robin Marsh")]


def test_a_number_that_another_one_hid_is_found_too() -> None:
    text = f"{CARD}123-45-6789"
    assert findings(replaced(text, findings(text))) == []


def test_a_number_that_a_token_would_give_its_name_to_is_found_at_once() -> None:
    text = "123-45-6789, 000004111 and more"
    assert replaced(text, findings(text)) == "[social security number] and more"


def test_a_finding_takes_the_token_it_is_given() -> None:
    text = "My server Anna was quick"
    [anna] = findings(text)
    assert replaced(text, [anna], {anna: "[E1]"}) == "My server [E1] was quick"
    assert replaced(text, [anna]) == "My server [name] was quick"


def test_nothing_that_a_token_says_is_found_again() -> None:
    assert findings(" ".join(DEFAULT_TOKENS.values()), known_names=("Anna",)) == []


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [CARD, IBAN, "123-45-6789", "ann@shop.example", "(415) 555-2671", "Mr Smith", "my server Anna", "Robin",
             "name tag said “lee”", "the manager", " ", ", ", ".", "-", "[E1]"]
        ),
        st.text(max_size=12),
        st.text(alphabet="0123456789 -.", max_size=24),
    ),
    max_size=8,
).map("".join)  # fmt: skip
KNOWN, OWN = ("Anna", "Lee"), ("Robin",)


@given(pieces)
def test_replacing_twice_is_replacing_once(text: str) -> None:
    once = replaced(text, findings(text, KNOWN, OWN))
    again = findings(once, KNOWN, OWN)
    assert again == []


@given(pieces)
def test_findings_stand_in_order_within_the_text_and_never_overlap(text: str) -> None:
    found = findings(text, KNOWN, OWN)
    edges = [edge for each in found for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(0 <= each.start < each.end <= len(text) for each in found)


@given(pieces)
def test_replacing_never_touches_what_was_not_found(text: str) -> None:
    found = findings(text, KNOWN, OWN)
    kept, at = [], 0
    for each in [*found, Finding(len(text), len(text), Kind.NAME)]:
        kept.append(text[at : each.start])
        at = each.end
    rest = replaced(text, found)
    for part in kept:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


@given(pieces)
def test_nothing_of_what_is_hidden_is_in_its_token(text: str) -> None:
    # A token is one of seven sentences of ours: its length says nothing of what stood there.
    marked = {each: f"<{each.kind}>" for each in findings(text, KNOWN, OWN)}
    lengths = sum(each.end - each.start for each in marked)
    assert len(replaced(text, marked, marked)) == len(text) - lengths + sum(map(len, marked.values()))
