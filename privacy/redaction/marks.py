"""Signs that lead to a person without a name: addresses, names on social networks, number plates, ends of numbers.

Every pattern begins at the edge of a word and looks at a bounded stretch behind it, so that no text makes it slow.
"""

import re
from collections.abc import Iterator

from .numbers import Span

_LOCAL = r"[\w.+'-]"
_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}")
# "zoe (at) post dot example": as people write what they do not want a machine to read.
_AT = r"[ ]?[\[({<] ?at ?[\])}>][ ]?"
_DOT = r"[ ]?[\[({<] ?dot ?[\])}>][ ]?"
_ENDS = "com|net|org|example|test|info|biz|edu|gov|io|co|me|us|uk|ca|de|fr|es|it|nl|ie|au|in|eu|mx|br|pl|pt|ch|at"
_SPELT = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}"
    rf"(?:{_AT}[\w-]{{1,63}}(?:(?:\.|{_DOT}| dot )[\w-]{{1,63}}){{1,4}}"
    rf"|(?: at | ?@ ?)[\w-]{{1,63}}(?:(?:{_DOT}| dot )[\w-]{{1,63}}){{0,3}}(?:{_DOT}| dot )(?:{_ENDS})"
    rf"| at (?:gmail|yahoo|hotmail|outlook|icloud|proton(?:mail)?|aol|gmx)\.[\w.]{{2,12}})\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z_][\w.]{1,29}(?<!\.)")
_NETWORKS = (
    r"insta(?:gram)?|ig|snap(?:chat)?|tik[ -]?tok|twitter|facebook|fb|telegram|whats ?app|linked-?in|threads|bluesky|"
    r"mastodon|discord|reddit|youtube|venmo|cash ?app"
)
_ON_NETWORK = re.compile(
    rf"(?<!\w)(?:{_NETWORKS})(?: (?:handle|name|account|page|profile|id|user(?:name)?))?"
    rf"(?:(?: (?:is|was|as|at|under|called)|:| -|,) ?| )[\"']?(?P<handle>@?[\w.#-]{{2,30}}(?<![.-]))",
    re.IGNORECASE,
)
_NAMED_ON_NETWORK = re.compile(
    r"(?<!\w)(?:handle|user ?name|screen ?name)(?: (?:is|was)|:)+ ?[\"']?(?P<handle>@?[\w.#-]{2,30}(?<![.-]))",
    re.IGNORECASE,
)
_IS_HANDLE = re.compile(r"@|(?=.*[A-Za-z])\w*[\d_.#-]")
_CAR = (
    r"licen[cs]e plates?|number ?plates?|plates?|registration|reg|tag number|car|van|truck|suv|sedan|vehicle|"
    r"parked|drove(?: off)?|motor(?:cycle|bike)"
)
_PLATE = r"[A-Z]{1,4}(?:[ -][A-Z]{1,3})?[ -]?\d{1,4}(?:[ -]?[A-Z]{1,3})?|\d{1,4}[ -]?[A-Z]{1,4}(?:[ -]?\d{1,4})?"
_BY_CAR = re.compile(rf"(?<!\w)(?i:{_CAR})\b[^.!?\n\]]{{0,40}}?(?<![\w-])(?P<plate>{_PLATE})(?![\w-])")
_BRITISH = re.compile(r"(?<![\w-])[A-Z]{2}\d\d[ ]?[A-Z]{3}(?![\w-])")
_SHORTEST_PLATE = 5
_CARDS = r"card|visa|master ?card|amex|american express|discover|debit|credit|account|social|ssn|maestro"
_ENDING = re.compile(
    r"(?<!\w)(?:end(?:s|ing|ed)|last (?:four|4)(?: digits| numbers)?)"
    rf"(?: (?:of|on|for|in|with|are|is|were|was|as|my|her|his|the|their|our|{_CARDS}|number|digits)){{0,6}}"
    r"[ :,]{0,2}#?[\"']?(?P<digits>\d{4})(?!\d|[.,:]\d)",
    re.IGNORECASE,
)
_OF_CARD = re.compile(
    rf"(?<!\w)(?:{_CARDS})(?: (?:card|number|no\.?|ending|#))?[ :#]{{1,3}}(?P<digits>\d{{4}})(?![\d-]|[.,:]\d| \d)",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"(?:(?<![A-Za-z\d])[xX]{2,16}|[*•●#]{2,16})(?:[ -]?[xX*•●#]{1,8}){0,4}[ -]?(?P<digits>\d{4})(?!\d)"
)
_SPANS_OF_TIME = re.compile(
    r"(?:years?|weeks?|months?|quarters?|shifts?|days?|seasons?|sessions?|sales?|offers?|promotions?|period|hours?|"
    r"event|happy hour|deal)[ ,](?:is |was |that )?$",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """Addresses, also where at and dot are written as words."""
    for pattern in (_EMAIL, _SPELT):
        yield from (found.span() for found in pattern.finditer(text))


def handles(text: str) -> Iterator[Span]:
    """@zoe_b, "insta zoe.b": a sign or a digit in it tells a name from a word, unless it is called a name."""
    yield from (found.span() for found in _HANDLE.finditer(text))
    yield from (found.span("handle") for found in _NAMED_ON_NETWORK.finditer(text))
    for found in _ON_NETWORK.finditer(text):
        if _IS_HANDLE.match(found["handle"]):
            yield found.span("handle")


def plates(text: str) -> Iterator[Span]:
    """Number plates beside a word for them or for a car, and British ones by their form alone."""
    yield from (found.span() for found in _BRITISH.finditer(text))
    for found in _BY_CAR.finditer(text):
        if sum(sign.isalnum() for sign in found["plate"]) >= _SHORTEST_PLATE:
            yield found.span("plate")


def number_ends(text: str) -> Iterator[Span]:
    """The last four digits of a card or an account: beside the slip of a till they say whose it is."""
    for pattern in (_OF_CARD, _MASKED):
        yield from (found.span("digits") for found in pattern.finditer(text))
    for found in _ENDING.finditer(text):
        if not _SPANS_OF_TIME.search(text[max(found.start() - 24, 0) : found.start()]):
            yield found.span("digits")
