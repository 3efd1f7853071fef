"""Where a text names somebody: after a title, after a role, on a name tag, and wherever a known name stands.

English, as narratives are written here. It proposes; a person decides. A name in small letters ("named june") only
might be one: see `perhaps`.
"""

import re
from collections.abc import Iterable, Iterator

from .numbers import Span
from .reading import bare

_FAR_CAPITALS = "".join(chr(at) for at in (*range(0xC0, 0x530), *range(0x1E00, 0x1F00)) if chr(at).isupper())
# Letters of scripts that know no capitals: Hebrew to Thai, the syllables of Japan and Korea, Chinese characters.
_NO_CAPITALS = "\u0590-\u06ff\u0900-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
CAPITAL = f"[A-Z{_FAR_CAPITALS}]"
_WORD = rf"(?:{CAPITAL}(?:[\w'-]{{0,40}}\w)?|[{_NO_CAPITALS}][\w·]{{0,40}})"
_OF = r"(?:(?:de|da|del|della|di|du|van|von|der|den|la|le|bin|al|el|ter) ){0,2}"
NAMES = rf"(?:[A-Z]\. ){{0,2}}{_WORD}(?: {_OF}(?:[A-Z]\.|{_WORD})){{0,2}}"
# A capital letter after a role does not make a name of these.
_COMMON = """
a after all also although an and another are as asked at back because been before both brought but by came can could did
do does during each eventually every everyone finally first for from gave get go good got great greeted had happy has
have he hello helped her here hi his how however i i'd i'll i'm i've if in into is it it's its just later left let like
made me might more most my near never next no nobody not nothing now of off ok okay on once one only or other our out
over said see she should showed since smiled so some somebody someone soon still than thank thanks that that's the their
them then there there's these they they're this those though to today told tomorrow took too two under until up upon us
very was we we're were what when where which while who whose why with would xl xs xxl yes yesterday you your
attentive bored busy cold cheerful efficient friendly helpful impatient kind lovely nice patient pleasant polite
professional quick rude slow smiling unfriendly unhelpful
"""
_FUNCTIONS = """
assistant associate barista cashier caution closed crew customer employee guest host hostess lead manager member
housekeeping new open please reception sale sales security server service staff supervisor team trainee
training waiter waitress welcome
"""
_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december
"""
COMMON = frozenset(_COMMON.split())
CALENDAR = frozenset(_CALENDAR.split())
FUNCTIONS = frozenset(_FUNCTIONS.split())
_TITLES = "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Herr|Frau|Madame|Monsieur|Señora?"
_TITLE = re.compile(rf"\b(?:{_TITLES})\.? (?!I\b|Pepper\b|Pibb\b|Coffee\b|Clean\b){_OF}{_WORD}(?: {_OF}{_WORD})?")
ROLES = (
    "server|waiter|waitress|barista|bartender|barman|barmaid|cashier|clerk|teller|host|hostess|manager|supervisor|"
    "assistant|associate|salesperson|salesman|saleswoman|representative|rep|agent|adviser|advisor|consultant|"
    "technician|receptionist|employee|colleague|stylist|driver|concierge|attendant|greeter|worker|lady|guy|gentleman|"
    "man|woman|girl|boy|kid|team member|crew member|staff member|team lead|shift lead|sommelier|chef|cook|guard|valet|"
    "porter|pharmacist|mechanic|owner|trainee|trainer|busser|runner|operator|specialist|nurse|butcher|baker|"
    "deputy|boss|intern|apprentice"
)
_AFTER_ROLE = re.compile(
    rf"\b(?i:(?:{ROLES})s?(?: of (?:hers|his|theirs))?)(?i:,?(?: today| tonight)?(?: who)? "
    r"(?:was|is|were|(?:was |is )?(?:named|called)|"
    rf"by the name of))?[,:]? [\"“'(]?(?P<name>{NAMES})"
)
_BY = re.compile(
    r"\b(?i:(?:served|helped|assisted|greeted|welcomed|advised|attended|seated|approached|escorted|interrupted|ignored|"
    r"waited on|looked after|order (?:was )?taken|taken care of|checked (?:in|out)|rung up|cashed out|"
    r"shown (?:in|out|around|over)) by|"
    r"by the name of|introduced (?:him|her|them)sel(?:f|ves) (?:to (?:me|us) )?as|(?:spoke|speaking|talked|chatted) "
    rf"(?:to|with)|kudos to|shout-?out to|thanks to|asked for|goes by)[ ,:]{{1,3}}[\"“']?(?P<name>{NAMES})"
)
# Here a month or a day may be a name as well.
_SAID = re.compile(
    r"\b(?i:named|called|name(?: on (?:\w{1,8} ){0,2}(?:tag|badge|receipt|check|bill|slip))?"
    r"(?: (?:was|is|as|read|said|being)|:|'s)|signed(?: (?:off )?as)?)"
    rf"[ ,:]{{1,3}}[\"“']?(?P<name>{NAMES})"
)
_TAG = re.compile(
    r"\b(?i:(?:name[ -]?)?(?:tags?|badges?)(?: \w{1,20}){0,3}?"
    r"(?: (?:said|says|saying|reads?|reading|show(?:ed|s|ing)|with|was|is|had)|:| -|,)(?: (?:the )?name)?)[ :,]{1,3}"
    rf"(?:[\"“'](?P<quoted>[^\"”'\n\[\]]{{1,60}})[\"”']|(?P<name>{NAMES}))"
)
_BEFORE_TAG = re.compile(rf"(?<![\w'-])(?P<name>{_WORD}),? (?i:on (?:\w{{1,6}} )?)?(?i:name ?(?:tag|badge)|badge)\b")
# Who spoke, behind what was said: “Of course,” said Anna.
SPEECH = (
    "said|says|asked|replied|answered|added|explained|called|shouted|yelled|whispered|muttered|mumbled|snapped|insisted|"
    "laughed|sighed|beamed|shrugged|smiled|exclaimed|remarked|admitted|offered|suggested|continued|responded|declared|"
    "apologi[sz]ed|confirmed|repeated|joked|warned|grumbled|barked|announced"
)
_SPOKE = re.compile(rf"[,.!?…-][\"”'] (?i:(?:then )?(?:{SPEECH})) (?P<name>{NAMES})")
_SHOUTED_DEED = re.compile("[A-Z]{2,}[^R\\W]ED")  # Alfred and Mildred end so as well
_AND = re.compile(rf"(?:,? (?:and|&) |, )(?P<name>{NAMES})")
_MOST_TOGETHER = 5


def named_after_title(text: str) -> Iterator[Span]:
    """Mr Smith, with the title: it says as much as the name."""
    return (_without_possessive(text, found.span()) for found in _TITLE.finditer(text))


def named_by_role(text: str) -> Iterator[Span]:
    """The name in "my server Anna", "her name tag said “anna”", "“Hello,” said Lee", and who stands beside it."""
    for pattern in (_AFTER_ROLE, _BY, _SAID, _TAG, _BEFORE_TAG, _SPOKE):
        for found in pattern.finditer(text):
            group = "quoted" if "quoted" in pattern.groupindex and found["quoted"] else "name"
            span = without_common_words(text, found.span(group), may_be_month=pattern in (_SAID, _TAG))
            if span is not None:
                yield from _together(text, span)


def known(text: str, names: Iterable[str]) -> Iterator[Span]:
    """Every place where one of the names stands as whole words, in small letters or large ones, with accents or not."""
    wanted = sorted({bare(name.strip()) for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    if wanted:
        pattern = "|".join("[ -]".join(map(re.escape, re.split("[ -]", name))) for name in wanted)
        yield from (found.span() for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", bare(text), re.IGNORECASE))


def without_common_words(text: str, span: Span, *, may_be_month: bool = False) -> Span | None:
    """The words up to the first that is none of a name; None where that is the first.

    may_be_month: where June is somebody, if no day follows.
    """
    start, end = span
    words = list(re.finditer(r"[^\s]+", text[start:end]))
    for n, word in enumerate(words):
        plain = bare(word[0].strip(".,:;!?").casefold())
        is_month = plain in CALENDAR and not (may_be_month and not re.match(r" ?\d", text[end:]))
        is_deed = _SHOUTED_DEED.fullmatch(word[0].strip(".,:;!?")) is not None
        if plain in COMMON or is_month or is_deed or plain.removesuffix("s") in FUNCTIONS:
            return _without_possessive(text, (start, start + words[n - 1].end())) if n else None
    return _without_possessive(text, span) if words else None


def _together(text: str, span: Span) -> Iterator[Span]:
    """The name, and those that an "and" or a comma joins to it: "served by Anna, Tom and Lee"."""
    yield span
    for _ in range(_MOST_TOGETHER):
        more = _AND.match(text, span[1])
        following = without_common_words(text, more.span("name")) if more else None
        if following is None:
            return
        span = following
        yield span


def _without_possessive(text: str, span: Span) -> Span:
    start, end = span
    return (start, end - 2) if text[start:end].casefold().endswith("'s") and end - start > 3 else span
