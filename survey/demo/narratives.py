"""What the demo's shoppers write: put together from sentences, so that no two reports read alike."""

import random
from collections.abc import Mapping, Sequence

COME_IN = (
    "I came in when the first rush was over.", "There was a short queue when I came in.",
    "The door stood open and the room was half full.", "I had to wait outside for a moment.",
    "It was raining, and most seats were taken.", "It was quiet; two tables were taken.",
    "A delivery stood in the way, so that I walked around it.",
)  # fmt: skip
GOOD_MIDDLE = (
    "The barista looked up at once and said good morning.", "I was asked what I felt like, and listened to.",
    "My question about nuts was answered from the book under the counter.",
    "They read my order back before they rang it up.", "They told me which milk is steamed in a jug of its own.",
    "Somebody came round the counter to show me the list.",
)  # fmt: skip
POOR_MIDDLE = (
    "Two members of staff talked to each other while I waited.", "Nobody looked up until I spoke.",
    "My question about nuts was met with a shrug.", "I had to say my order twice.",
    "The person at the till was called away in the middle of my order.", "I was told that it is busy, and no more.",
)  # fmt: skip
GOOD_END = (
    "My drink was ready before I had found a seat.", "I was thanked and wished a good day.",
    "The table beside me was wiped while I sat there.", "I would go there again without being asked to.",
    "They noticed that I had forgotten my receipt and brought it.",
)  # fmt: skip
POOR_END = (
    "My drink stood on the counter for a while before it was called.", "I left without a word from anybody.",
    "The floor below my table was sticky.", "The lid did not fit, and I asked for another one.",
    "I had to ask for the receipt.",
)  # fmt: skip
DRINK = (
    "The foam was fine and the coffee warm right through.", "It was a little thin, but warm.",
    "It tasted of the milk more than of the coffee.", "Strong and smooth, with a good crema.",
    "It came in the larger cup than I had ordered.", "Lukewarm by the time I sat down.",
)  # fmt: skip
DIRT = (
    "Crumbs below the window seats.", "The bin by the door was full.", "Two tables had not been wiped.",
    "Nothing worth a word.", "The handle of the door was sticky.",
)  # fmt: skip
WISHES = (
    "A sign that says where the queue begins.", "More room for prams.", "A second till when it is full.",
    "Somebody who clears the tables.", "Nothing. It was a good visit.",
)  # fmt: skip
WHY_NOT = (
    "They were busy with the machine and did not look up.", "I had to ask first.", "Nobody seemed to feel in charge.",
    "It went past them; the shop was full.", "They meant well, but it did not happen.",
)  # fmt: skip
SHORT: Mapping[str, Sequence[str]] = {"story_product": DRINK, "story_clean": DIRT, "wish": WISHES}
# What no report should hold: the demo's editor finds it, and takes it out.
WITH_A_NAME = (
    "There was a short queue when I came in. The barista, whose badge said Wendy, asked what I felt like, and Wendy knew"
    " at once which milks are free of nuts. The reader would not take my watch, so I paid with card 4111 1111 1111 1111"
    " and signed. My drink was ready before I had found a seat."
)


def story_of(chance: random.Random, item_id: str, quality: float, place: str) -> str:
    """A narrative. quality: from 0 to 1, the share of what was as it should be."""
    if item_id in SHORT:
        return chance.choice(SHORT[item_id])
    is_good = chance.random() < quality
    middle, end = (GOOD_MIDDLE, GOOD_END) if is_good else (POOR_MIDDLE, POOR_END)
    told = [chance.choice(COME_IN), *chance.sample(middle, 2), chance.choice(end)]
    minutes = chance.randint(6, 28)
    return f"{' '.join(told)} I was at {place} for {minutes} minutes in all."


def why_not(chance: random.Random) -> str:
    """The comment on an answer below the best one."""
    return chance.choice(WHY_NOT)
