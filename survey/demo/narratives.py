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
ROOM = (
    "The room was at the back, behind the coats.", "Two rooms were free and I took the second one.",
    "The curtain did not close all the way.", "A bench, a hook and a mirror, all in good order.",
    "I took the trousers and a pullover in with me.", "I was given a disc with a number on it.",
)  # fmt: skip
ROOM_GOOD = (
    "I was asked at once how the sizes were.", "The smaller size was brought within two minutes.",
    "They asked from outside whether it was any better.", "A second colour was brought along without my asking.",
)  # fmt: skip
ROOM_POOR = (
    "I put my head out twice before somebody came.", "I was told to fetch the other size myself.",
    "Clothes of earlier guests hung on the hook.", "The size that came was the wrong one.",
)  # fmt: skip
CALL = (
    "I said that I had moved here and want an account for my wages.", "I was put through once, and had to begin anew.",
    "I was asked for my name, and did not give it.", "There was music for a while, then a voice.",
)  # fmt: skip
CALL_GOOD = (
    "The fees were named one by one.", "I was told which papers to bring.", "They offered me a time to come in.",
    "Everything was put in plain words.",
)  # fmt: skip
CALL_POOR = (
    "Fees came up when I asked for the second time.", "I was told to look it up on the website.",
    "I did not hear what to bring.", "They spoke fast and used words I did not know.",
)  # fmt: skip
SHOP = (
    "It rang for a while before somebody answered.", "A machine asked me to wait, then a voice came on.",
    "I asked for a present for a child of six.", "I could hear that the shop was full.",
)  # fmt: skip
SHOP_GOOD = (
    "They went to the shelf and looked.", "They put one aside until the evening.", "I was asked what the child likes.",
    "They told me when the next delivery comes.",
)  # fmt: skip
SHOP_POOR = (
    "I was told to come by and see.", "They did not know, and did not look.", "I was cut off and had to call again.",
    "They had no time to speak of it.",
)  # fmt: skip
# Where a story plays: how it begins, what is good in it, what is not.
SCENES: Mapping[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "coffee": (COME_IN, (*GOOD_MIDDLE, *GOOD_END), (*POOR_MIDDLE, *POOR_END)),
    "fitting": (ROOM, ROOM_GOOD, ROOM_POOR),
    "call": (CALL, CALL_GOOD, CALL_POOR),
    "shop": (SHOP, SHOP_GOOD, SHOP_POOR),
}
DRINK = (
    "Fine foam, and warm right through.", "It was a little thin, but warm.",
    "It tasted of milk more than of coffee.", "Strong and smooth, with a good crema.",
    "It came in too large a cup.", "Lukewarm by the time I sat down.",
)  # fmt: skip
DIRT = (
    "Crumbs below the window seats.", "The bin by the door was full.", "Two tables had not been wiped.",
    "Nothing worth a word.", "The handle of the door was sticky.",
)  # fmt: skip
WISHES = (
    "A sign where the queue begins.", "More room for prams.", "A second till when it is full.",
    "Somebody who clears the tables.", "Nothing. It was a good visit.",
)  # fmt: skip
WHY_NOT = (
    "They were busy with the machine.", "I had to ask first.", "Nobody seemed to feel in charge.",
    "It went past them; the shop was full.", "They meant well; it did not happen.",
)  # fmt: skip
# Short enough not to be compared between reports: people do say such things in the same words.
SHORT: Mapping[str, Sequence[str]] = {"story_product": DRINK, "story_clean": DIRT, "wish": WISHES}
# What no report should hold: the demo's editor finds it, and takes it out.
WITH_A_NAME = (
    "There was a short queue when I came in. The barista, whose badge said Wendy, asked what I felt like, and Wendy"
    " knew at once which milks are free of nuts. The reader would not take my watch, so I paid with card"
    " 4111 1111 1111 1111 and signed. My drink was ready before I had found a seat."
)
# What an editor has found and taken out long ago: the client reads a mark in the place of the name.
WITH_A_NAME_ONCE = (
    "It was quiet; two tables were taken. The barista, whose badge said Harriet, told me which milk is steamed in a jug"
    " of its own, and Harriet brought the cup over herself. I would go there again without being asked to."
)


def story_of(chance: random.Random, item_id: str, quality: float, scene: str) -> str:
    """A narrative. quality: from 0 to 1, the share of what was as it should be; scene: where it plays."""
    if item_id in SHORT:
        return chance.choice(SHORT[item_id])
    beginnings, good, poor = SCENES[scene]
    told = [chance.choice(beginnings), *chance.sample(good if chance.random() < quality else poor, 3)]
    return f"{' '.join(told)} It took me {chance.randint(6, 28)} minutes in all."


def why_not(chance: random.Random) -> str:
    """The comment on an answer below the best one."""
    return chance.choice(WHY_NOT)
