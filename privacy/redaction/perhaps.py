"""Words that might be somebody's name: given names, small letters after "named", strange capitals where people stand.

A weaker net beside `names`: it is drawn wide, catches words that name nobody, and a person dismisses those one by one.
English, as narratives are written here.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from .given import DOUBLE, FOREIGN, GIVEN, NAMESAKES
from .names import CALENDAR, CAPITAL, COMMON, FUNCTIONS, ROLES, SPEECH
from .numbers import Span
from .reading import bare
from .shouting import calmly

_STRONG = (
    r"smiled|greeted|said|says|told|asked|explained|offered|handed|recommended|suggested|answered|replied|laughed|"
    r"thanked|apologi[sz]ed|welcomed|introduced|nodded|waved|shouted|shrugged|wished|promised|refused|ignored|walked|"
    r"served|helped|seated|spoke|knew|confirmed|checked (?:me|us|in|on)|took (?:my|our)|rang (?:me|us|up)|forgot|rolled"
)
_MANNER = (
    "rude|kind|friendly|nice|helpful|lovely|polite|attentive|pleasant|patient|cheerful|professional|knowledgeable|curt|"
    "dismissive|bored|distracted|smiling|wearing|chewing|standing|talking|nowhere|sweet|great with|"
    r"(?:my|our) \w{1,12}"
)
_STRONG += (
    r"|never (?:came|smiled|said|looked|greeted|asked|offered|returned|checked|acknowledged|once|even|apologi[sz]ed)"
)
_STRONG += r"|brought (?:me|us|my|our|the|an?)|came over|led (?:me|us)|stepped in|appeared"
# Nobody but a person is nicer than could be.
_STRONG += r"|could(?: not|n't) have been (?:\w{1,10}er|more \w{1,20})"
_STRONG += rf"|(?:was|is|seemed) (?:(?:very|so|really|quite|extremely|rather|a bit|not) )?(?:{_MANNER})"
_DOES = (
    rf"{_STRONG}|was|were|is|had|has|showed|brought|took|came|went|looked|called|gave|made|stood|talked|poured|waited|"
    r"let|did|didn't|wore|seemed|kept|could|never|wasn't|should|deserves|got"
)
_ADVERB = r"then|also|just|even|always|who|herself|himself|\w{1,20}ly"
_BETWEEN = rf"(?:,? (?:{_ADVERB}))?,? "
_NAME = rf"{CAPITAL}(?:'{CAPITAL})?[^\W\d_A-Z][\w'-]{{0,40}}"
_PAST = r"(?:\w{2,12}[^aeiou\W]ed|\w{1,12}(?:ied|oed|eed|ued)|found|knew|told|sold|held|fetched|ran|left|spoke)"
_EDGE = r"(?<![\w-])(?<!\w')"
_BEFORE_A_DEED = re.compile(rf"{_EDGE}(?P<name>{_NAME})(?: (?P<more>{_NAME}))?{_BETWEEN}(?P<deed>(?:{_DOES})\b)")
# In the midst of a sentence a capital says something, and what only persons are asked to do is done by one.
_MIDWAY = re.compile(
    rf"(?<=[a-z,] )(?P<name>{_NAME})(?P<more> {_NAME})?(?=(?: (?:{_ADVERB}))? (?:{_PAST}|would|will|who|and I)\b)"
)
_TWO = re.compile(
    rf"{_EDGE}(?P<name>{_NAME}) (?:and|nor) (?P<more>{_NAME}),? "
    rf"(?=(?:{_STRONG}|(?:were|kept) \w{{2,12}}ing|both|{_PAST})\b)"
)
_AFTER_WORDS = re.compile(rf"[,.!?…][\"”'] (?P<name>{_NAME})(?P<more> {_NAME})?(?= (?:{SPEECH}|wanted|\w{{3,12}}ed)\b)")
_IN_BRACKETS = re.compile(rf"\b(?i:{ROLES})\b[^.!?()]{{0,40}}\((?P<name>{_NAME})(?P<more> {_NAME})?\)")
_THE_PERSON = re.compile(
    rf"\b(?i:person (?:who|that|worth|to)\b[^.!?]{{0,40}}) (?:is|was) (?P<name>{_NAME})(?P<more> {_NAME})?(?=[.!,]|$)"
)
_SPEAKER_FIRST = re.compile(rf"(?:^|[.!?\n] )(?:Said|Asked) (?P<name>{_NAME})(?P<more> {_NAME})?(?=[:,])")
# Months that are names as well: "my server June brought it".
_MONTH_AT_WORK = re.compile(rf"\b(?i:{ROLES}),? (?P<name>April|May|June|August)(?={_BETWEEN}(?:{_DOES})\b)")
_STRONG_DEED = re.compile(rf"(?:{_STRONG})\b")
_TO_PEOPLE = re.compile(
    r"\b(?i:asked|thanked|told|tipped|complained to|complimented|followed|praise|thank you,?|thanks,?|recommend|saw|"
    r"met|bye,?|hi,?|hello,?|i'm|i am|this is|shouted,?|yelled,?|called out,?|overheard|heard|turned to|noticed|"
    r"waved (?:to|at)|dealt with|spoke with|according to|"
    r"(?:thanks?|thank you) (?:goes|go) to|(?:passed|handed) (?:me )?(?:on |over )?to|mention (?:is|goes to)|called) "
    rf"[\"“']?(?P<name>{_NAME})(?P<more> {_NAME})?"
    r"(?=(?: (?:if|for|how|about|whether|why|what|at the|behind the|by the|who|again|to|and|on|over|the|\w{3,12}ing)\b"
    r"|[.,!?:;\"'”]|$))"
)
_WITH_PEOPLE = re.compile(
    rf"\b(?i:got|had|dealt with|with|by|from|ask for) (?P<name>{_NAME})(?P<more> {_NAME})?"
    r"(?= (?:at the (?:desk|till|counter|door|returns|bar|front)|behind the|as (?:my|our)|who|if you|again)\b)"
)
_BESIDE_PEOPLE = re.compile(
    rf"{_EDGE}(?P<name>{_NAME})(?P<more> {_NAME})?(?:'s? (?:attitude|manner|service|smile|till|section|shift|station|"
    rf"knowledge|name|answer|voice|desk|manager|colleague|hair|hands|greeting|advice|help|counter|accent)\b"
    r"|,? (?:at|behind|from|in|on) the (?:\w{1,12} (?:section|department|team|aisle|desk|"
    r"counter)|till|counter|desk|bar|door|register|front|kitchen|floor|drive|phone)\b"
    rf"|, (?:the|my|our|a|who) (?:\w{{1,12}} )?(?:{ROLES})\b)"
)
_SMALL = re.compile(
    r"\b(?:(?:named"
    r"|name(?: on (?:\w{1,8} ){0,2}(?:tag|badge|receipt|check|bill|slip))?(?: (?:was|is|read|said)|:|'s)"
    r"|by the name of|goes by|introduced (?:him|her|them)self as"
    r"|(?:name[ -]?tag|name badge|badge)(?: \w{1,20}){0,2}?(?: (?:said|says|reads?|reading|saying|showed|was)|:)"
    rf"|(?:who was|who is|{ROLES}|person|someone|somebody) called)(?: simply| just)?)[ ,:]{{1,3}}"
    r"[\"“']?(?P<name>[^\W\d_][\w'-]{1,40})",
    re.IGNORECASE,
)
_NO_NAMES_END = ("ly", "ed", "ible", "able", "worn", "wrong", "blank", "missing", "hidden", "written")
_WORD = re.compile(rf"{_EDGE}[^\W\d_][\w'-]{{0,80}}")
_SURNAME = re.compile(rf"(?: |-)(?:(?:de|da|del|van|von|der|la|bin|al) ){{0,2}}(?P<name>{_NAME}|[A-Z]\.)")
_STARTS = re.compile(r"(?:^|[.!?:;…\n(\"“‘'–—])[\s\"“‘'(]*$")
# None of these is a surname as well: Anna Hill is somebody.
_PLACE_WORDS = (
    "Street|St|Road|Rd|Avenue|Ave|Drive|Boulevard|Blvd|Square|Station|Plaza|Mall|Center|Centre|Airport|County|Hospital|"
    "University|College|Hotel|Inn|Cathedral|Theatre|Theater|Museum|Terrace|Springs|Salad|Sandwich|Burger|Cake|Day"
)
_IN_A_PLACE = re.compile(rf"{_EDGE}{CAPITAL}[\w'-]{{0,40}}(?: {CAPITAL}[\w'-]{{0,40}}){{0,2}} (?:{_PLACE_WORDS})\b")
_NAMESAKE = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, NAMESAKES))})(?!\w)", re.IGNORECASE)
_FAR_LETTERS = re.compile(r"[^\W\d_\u0000-\u036f\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\ufb00-\ufb06]+")
_FAR_NAME = re.compile(rf"{_FAR_LETTERS.pattern}(?:[ ·・-]{_FAR_LETTERS.pattern}){{0,2}}")
_WORDS_NO_SUBJECT = """
staff service people customers management guests parents children kids nothing anything everything neither either none
several few both coffee food tea music parking toilets restrooms seating tables drinks prices everybody anyone anybody
nobody workers employees servers baristas cashiers managers waiters waitresses hosts security reception sir ma'am
madam miss mom dad mum mother father wife husband friend friends god
"""
_NO_SUBJECT = frozenset(_WORDS_NO_SUBJECT.split())
_NO_SURNAME = COMMON | CALENDAR
_WORDS_NO_PEOPLE = """
instagram whatsapp tiktok snapchat telegram facebook google yelp amazon english spanish french german italian chinese
american british indian mexican usa uk nyc visa mastercard amex wifi ac tv atm vip ceo christmas easter thanksgiving
halloween minute minutes hour hours ten twenty thirty dollars pounds euros name duty
"""
_NO_PEOPLE = frozenset(_WORDS_NO_PEOPLE.split())
_THINGS = (COMMON, CALENDAR, _NO_SUBJECT, _NO_PEOPLE, FUNCTIONS)
# What is small in a shouted sentence read calmly: what people do, and what does nothing.
_SMALL_WORDS = frozenset(re.findall("[a-z]{2,}", _DOES)) | _NO_SUBJECT | _NO_PEOPLE


def perhaps_names(text: str, ordinary: Collection[str] = (), places: Collection[str] = ()) -> Iterator[Span]:
    """Words that might name somebody, not in order and perhaps twice. text: as `reading` gives it.

    ordinary: words of the place and its goods, in small letters, whose capital says nothing; places: whole names of the
    client and its places, where even a given name is nobody's.
    """
    is_place, is_thing = _marked(text, _places(text, places)), _marked(text, _spans(_NAMESAKE, text))
    calm = calmly(text, _SMALL_WORDS)
    for start, end in chain(_given_names(calm), _might_be(text, ordinary)):
        if not any(is_place[start:end]) and not any(is_thing[start:end]):
            yield start, end
    # Wendy's is a restaurant, and Wendy's attitude is not: what only people do or have is nobody else's.
    for each in (text, calm) if calm != text else (text,):
        for start, end in _are_people(each, ordinary):
            if not any(is_place[start:end]):
                yield start, end


def _might_be(text: str, ordinary: Collection[str]) -> Iterator[Span]:
    yield from _small_letters(text)
    yield from _far_letters(text)
    for found in _BEFORE_A_DEED.finditer(text):
        yield from _doers(text, found, ordinary)
    for pattern in (_WITH_PEOPLE, _MIDWAY):
        for found in pattern.finditer(text):
            yield from _people(text, found, ordinary)
    for found in _TWO.finditer(text):
        yield from _both(text, found, ordinary)


def _are_people(text: str, ordinary: Collection[str]) -> Iterator[Span]:
    for found in _BEFORE_A_DEED.finditer(text):
        if _STRONG_DEED.match(found["deed"]):
            yield from _doers(text, found, ordinary)
    yield from (found.span("name") for found in _MONTH_AT_WORK.finditer(text))
    for pattern in (_TO_PEOPLE, _BESIDE_PEOPLE, _AFTER_WORDS, _IN_BRACKETS, _SPEAKER_FIRST, _THE_PERSON):
        for found in pattern.finditer(text):
            yield from _people(text, found, ordinary)


def _both(text: str, found: re.Match[str], ordinary: Collection[str]) -> Iterator[Span]:
    """The two whom an "and" joins, unless one of them is a thing: then the other is one as well."""
    words = [bare(found[group].casefold()) for group in ("name", "more")]
    if not any(word in things for word in words for things in (*_THINGS, ordinary)):
        yield from (found.span("name"), found.span("more"))


def _marked(text: str, spans: Iterable[Span]) -> bytearray:
    marked = bytearray(len(text))
    for start, end in spans:
        marked[start:end] = b"\1" * (end - start)
    return marked


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (found.span() for found in pattern.finditer(text))


def _given_names(text: str) -> Iterator[Span]:
    for found in _WORD.finditer(text):
        written = found[0].rstrip("'-")
        written = written[:-2] if written.casefold().endswith("'s") else written
        end = found.start() + len(written)
        if _is_given(text, written, found.start()):
            yield _with_surname(text, (found.start(), end))


def _is_given(text: str, written: str, at: int) -> bool:
    """Whether a word is a given name as it is written: some are words too, and need a capital that says something."""
    parts = bare(written.casefold()).split("-")
    has_capital = written[0].isupper()
    if parts[0] in GIVEN and (len(parts) == 1 or has_capital):
        return True
    if not has_capital:
        return False
    if any(part in FOREIGN or part in GIVEN for part in (parts[0], parts[-1])):
        return True
    return parts[0] in DOUBLE and not _starts_a_sentence(text, at)


def _small_letters(text: str) -> Iterator[Span]:
    """ "named june", "her badge said zoe": what follows is a name or, more rarely, the name of a thing."""
    for found in _SMALL.finditer(text):
        word = bare(found["name"].casefold()).removesuffix("'s")
        is_name = word in GIVEN or not word.endswith(_NO_NAMES_END)
        if is_name and word not in COMMON and word.removesuffix("s") not in FUNCTIONS:
            start = found.start("name")
            yield _with_surname(text, (start, start + len(word)))


def _far_letters(text: str) -> Iterator[Span]:
    """Words in letters that English has not, where most of the text is English."""
    far = sum(len(found[0]) for found in _FAR_LETTERS.finditer(text))
    if far and far * 2 < sum(map(str.isalpha, text)):
        yield from (found.span() for found in _FAR_NAME.finditer(text))


def _doers(text: str, found: re.Match[str], ordinary: Collection[str]) -> Iterator[Span]:
    """A capital at the start of a sentence says nothing, unless the word is a name too, or does what only people do."""
    is_strong = _STRONG_DEED.match(found["deed"]) is not None
    spans = []
    for group in ("name", "more"):
        word, start = bare((found[group] or "").casefold()), found.start(group)
        is_nothing = not word or word in COMMON or word in ordinary or word in _NO_SUBJECT or word in _NO_PEOPLE
        is_start = not is_nothing and _starts_a_sentence(text, start)
        says_nothing = is_nothing or (is_start and not is_strong) or (word in CALENDAR and not is_strong)
        if word in DOUBLE or not says_nothing:
            spans.append(_without_possessive(text, found.span(group)))
    if spans:
        yield spans[0][0], spans[-1][1]


def _people(text: str, found: re.Match[str], ordinary: Collection[str]) -> Iterator[Span]:
    word = bare(found["name"].casefold()).removesuffix("'s").rstrip("'")
    is_thing = any(word in words for words in (*_THINGS, ordinary))
    if not is_thing and not _follows_the(text, found.start("name")):
        end = found.end("more") if found["more"] else found.end("name")
        yield _without_possessive(text, (found.start("name"), end))


def _places(text: str, places: Collection[str]) -> Iterator[Span]:
    """Where places stand that are called after people, and the client's own."""
    yield from _spans(_IN_A_PLACE, text)
    whole = [place for place in places if len(place.split()) > 1 or "'" in place]
    if whole:
        pattern = "|".join(re.escape(bare(place)) for place in sorted(whole, key=len, reverse=True))
        yield from (found.span() for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", bare(text), re.IGNORECASE))


def _follows_the(text: str, at: int) -> bool:
    """The Latte, a Coke, this Lane: what has an article is a thing."""
    return re.search(r"\b(?:the|an?|this)\s$", text[max(at - 6, 0) : at], re.IGNORECASE) is not None


def _with_surname(text: str, span: Span) -> Span:
    """The name and a capital behind it, or a second half behind a hyphen."""
    more = _SURNAME.match(text, span[1])
    if more is None or bare(more["name"].casefold()) in _NO_SURNAME:
        return span
    return _without_possessive(text, (span[0], more.end()))


def _without_possessive(text: str, span: Span) -> Span:
    start, end = span
    return (start, end - 2) if text[start:end].casefold().endswith("'s") else (start, end)


def _starts_a_sentence(text: str, at: int) -> bool:
    return _STARTS.search(text[max(at - 12, 0) : at]) is not None if at else True
