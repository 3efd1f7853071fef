"""The canary: somebody whose every field is a token found nowhere else, who answers a survey over HTTP."""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from survey.demo.stage import Stage
from survey.panels.domain import Profile
from survey.questionnaires.domain import store_visit
from survey.shoppers.domain import Address, Payout, PayoutKind, Registration
from tests.field_study import FORM, encoded, fill
from tests.web_client import BASE_URL, Site

from .affiliates import Person, letters
from .papers import FACE

# Letters alone, so that no encoding of a page, a file or a message writes them in another way.
CANARY = Person("zqxmail@zqxhost.example", "Zqxfirst", "Zqxlast", "Zqxcompany", "Zqxcity", "Zqxnote")
# A row of the same list that cannot come in: it is kept for the report of rows alone.
SPOILT = Person("zqxspoilt(at)zqxnowhere", "Zqxspoiltfirst", "Zqxspoiltlast", "Zqxspoiltcompany")
MEMBER = Person("zqxmember@zqxpanel.example", "Zqxvoice")
PROFILE = Profile("en", "65_up", "other", "village")
WORDS = {
    "reason": "other",
    "reason-other": "Zqxreason",
    "visit_date": "2026-10-05",
    "found_all": "no",
    "missing": "Zqxmissing",
    "praise": "Zqxpraise",
    "improve": "Zqximprove",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A shopper in every word. told: the report's answers by field; exif: what the camera writes into the picture.

    shared: what is said in the report that a client reads; coaching: what an editor says about that one. paper: what a
    document says; confided: what is told in a field of the company's own; face: the colour of the photo.
    objection: what is said against the rejection of another.
    """

    typed: Registration
    payout: Payout
    tax_number: str
    plea: str
    wish: str
    question: str
    told: Mapping[str, str]
    remark: str
    advice: str
    exif: str
    shared: str
    coaching: str
    asked: str
    paper: str
    confided: str
    face: tuple[int, int, int]
    objection: str


def visitor_of(name: str) -> Visitor:
    """A shopper of an affiliate who is nobody's canary."""
    home = Address("12 Wrenfield Street", "Larkhollow", "Ohio", "43004", "US")
    return Visitor(
        Registration(f"shopper@{name}.example", "Ada Quillfeather", "+1 614 555 0199", home),
        Payout(PayoutKind.IBAN, "GB29NWBK60161331926819"),
        "219099999",
        "I can go on Thursday.",
        "A fever since Friday.",
        "May I go on Sunday?",
        {},
        "It rained.",
        "Say at which till.",
        "A camera",
        "The floor was dry.",
        "Well seen.",
        "Was it before noon?",
        "A licence",
        "Saturdays",
        (120, 120, 120),
        "The receipt is there.",
    )


SHOPPER = Visitor(
    Registration(
        "zqxshopper@zqxdoor.example",
        "Zqxgiven Zqxfamily",
        "+1 614 555 0134",
        Address("12 Zqxstreet", "Zqxtown", "Ohio", "Zqxpostal", "US"),
    ),
    Payout(PayoutKind.PAYPAL, "zqxpaypal@zqxpurse.example"),
    "Zqxtaxnumber",
    "Zqxplea",
    "Zqxfever",
    "Zqxquestion",
    {"reason": "other", "reason-other": "Zqxtold", "visit_date": "2026-10-05", "found_all": "no",
     "missing": "Zqxlacked", "praise": "Zqxlauded", "improve": "Zqxwished"},
    "Zqxremark",
    "Zqxadvice",
    "Zqxexif",
    "Zqxshared",
    "Zqxcoaching",
    "Zqxasked",
    "Zqxpaper",
    "Zqxconfided",
    FACE,
    "Zqxcontested",
)  # fmt: skip
# The very words, not whatever begins like them: among many random link tokens a "zqx" is bound to turn up by chance.
MARK = re.compile(
    rb"zqx(?:mail|host|first|last|company|city|note|spoilt(?:first|last|company)?|nowhere|member|panel|voice"
    rb"|reason|missing|praise|improve"
    rb"|shopper|door|given|family|street|town|postal|paypal|purse|taxnumber|plea|fever|question"
    rb"|told|lacked|lauded|wished|remark|advice|exif|gps|shared|coaching|asked|contested|paper|confided|face)"
    rb"|614\W{0,3}555\W{0,3}0134",
    re.I,
)
HEXADECIMAL = re.compile(rb"[0-9a-fA-F]{12,}")
BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
SURVEY_LINK = re.compile(rf"{BASE_URL}(/s/[\w.-]+)")
OPT_OUT_LINK = re.compile(rf"{BASE_URL}(/o/[\w.-]+)")
LINK = re.compile(rf"{BASE_URL}(/[\w./-]+)")


def marks_in(content: bytes) -> set[str]:
    """The tokens that the content holds, whatever their case."""
    return {re.sub(r"[^a-z0-9]", "", found.decode("ascii", "replace").lower()) for found in MARK.findall(content)}


def hidden_in(content: bytes) -> set[str]:
    """The tokens in what is written there as hexadecimal digits, as COPY writes bytes, or as base64."""
    found = set()
    for digits in HEXADECIMAL.findall(content):
        found |= marks_in(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()))
    for text in BASE64.findall(content.translate(URL_SAFE)):
        # A text may begin anywhere among others: its letters fall into fours in one of four ways.
        for start in range(4):
            fours = text[start : start + (len(text) - start) // 4 * 4]
            found |= marks_in(b64decode(fours))
    return found


def written_to(stage: Stage, address: str) -> list[str]:
    """What the messages to an address say, the newest first."""
    return [text for to, text in letters(stage) if to == address]


def found_in(pattern: re.Pattern[str], text: str) -> str:
    """The first address of this kind in a message. Raises AssertionError where there is none."""
    found = pattern.search(text)
    assert found, "the message holds no such link"
    return found[1]


async def answer_as_canary(site: Site, stage: Stage) -> None:
    """Go through the door that the message opens, answer every question in words of one's own, and send it."""
    path = found_in(SURVEY_LINK, written_to(stage, CANARY.email)[0])
    visitor = await site.visitor()
    definition = store_visit()
    await visitor.client.post(path, content=b"", headers=FORM)
    for index, section in enumerate(definition.sections):
        form = fill(definition, index)
        names = {item.id for item in section.items} | {f"{item.id}-other" for item in section.items}
        form |= {name: [word] for name, word in WORDS.items() if name in names}
        kept = await visitor.client.post(f"{path}/{index + 1}", content=encoded(form), headers=FORM)
        assert kept.status_code == 303, kept.text
    checked = await visitor.get(f"{path}/check")
    assert marks_in(checked.content) >= {word.lower() for word in WORDS.values() if word.startswith("Zqx")}
    sent = await visitor.client.post(f"{path}/check", content=b"", headers=FORM)
    assert sent.status_code == 303
    assert "/check" not in sent.headers["location"]
