"""Words that might be somebody's name: common given names, and strange capitals before what a person does.

A weaker net beside `names`: it is drawn wide, catches words that name nobody, and a person dismisses those one by one.
English, as narratives are written here.
"""

import re
from collections.abc import Collection, Iterator

from .names import COMMON
from .numbers import Span

# Names that are no other word, in any spelling of small and large letters.
_GIVEN = """
aaron abdul abigail adam adrian agnes ahmed aisha alan albert alejandro alex alexander alexandra alexis ali alice alicia
alison amanda amelia amina amy ana andrea andrew andy angela anita ann anna anne annie anthony antonio arthur ashley
audrey ava barbara beatrice becky ben benjamin bernard beth betty beverly brandon brenda brian bruce bryan caitlin
callum cameron camilla carla carlos caroline catherine cathy charles charlie charlotte chloe chris christina christine
christopher claire clara claudia colin connor craig cynthia daniel daniela danielle danny darren dave david
deborah debra denise dennis derek diana diane diego dominic donald donna doris dorothy douglas duncan dylan edith edward
eileen elaine eleanor elena elizabeth ella ellen ellie emily emma eric erica erik ethan eva evan evelyn fatima felix
fernando fiona florence frances francesca francisco fred gabriel gabriela gareth gary gemma geoffrey george gerald
gloria gordon graham greg gregory gustavo hannah harold harriet harry hassan heidi helen henry howard hugh hussein ian
ibrahim imran ingrid isaac isabel isabella ivan jackie jackson jacob jacqueline jake james jamie jan jane janet janice
jason javier jeff jeffrey jenna jennifer jenny jeremy jerry jesse jessica jill jim jimmy joan joanna joanne joe joel
john johnny jonathan jordan jorge jose joseph josephine josh joshua juan juanita juliet judith judy julia julian julie
justin karen karl kate katherine kathleen kathy katie keith kelly ken kenneth kevin khalid kieran kim kimberly kirsty
kristen kyle larry laura lauren laurence leah lee leo leon leonard leslie lewis liam linda lindsay lisa liz logan lois
lorraine louis louise lucas lucia lucy luis luke lydia lynn maddie madison malcolm manuel marcus margaret maria mariam
marie marilyn marina mario marion martha martin marvin mary mateo matt matthew maureen megan mehmet melanie melissa
michael michelle miguel mike mohamed mohammed molly monica muhammad nadia nancy naomi natalia natalie natasha nathan
neil nicholas nicola nicole nigel nikki nina noah nora norma olga oliver olivia omar oscar owen pamela patricia patrick
paul paula pauline pedro peggy peter phil philip phillip phyllis priya rachel rafael ralph raymond rebecca renee ricardo
richard rita robert roberto robyn roger ronald rosa rosie ross roy russell ruth ryan sally sam samantha samuel sandra
sara sarah scott sean sebastian sergio shannon sharon shaun sheila shirley simon sofia sophia sophie stanley stephanie
stephen steve steven stuart susan suzanne sylvia tamara tanya tara ted teresa terry theo theresa thomas tiffany tim
timothy tina toby todd tom tommy tony tracey tracy trevor tyler valerie vanessa vera veronica vicky victoria vincent
virginia vivian walter wayne wendy wesley william yasmin yolanda yusuf yvonne zachary zoe zoey
"""
# Names that are words as well: with a capital letter where a word would have a small one, or before what a person does.
_DOUBLE = """
amber angel art autumn basil bill bob brook carol chance chase chuck cliff crystal daisy dale dawn dean dick don drew
dusty earl eve faith frank gene ginger glen grace grant guy harmony hazel heath heather holly hope iris ivy jack jade
jasmine jean joy kit lance lane lily mark marshall mason max melody miles misty nick norm olive pat pearl penny pierce
poppy randy ray reed rich rob robin rocky rose rosemary ruby rusty sage sandy savannah scarlet skip sky star sterling
sue summer victor violet wade ward will willow woody
"""
_DOES = (
    r"was|were|is|had|has|said|says|told|asked|showed|served|helped|smiled|greeted|explained|offered|brought|took|came|"
    r"went|handed|recommended|suggested|answered|replied|laughed|looked|knew|ignored|thanked|apologi[sz]ed|welcomed|"
    r"called|gave|made|shouted|stood|walked|talked|spoke|wished|poured|waited|refused|promised|let|did|didn[’']t|wore"
)
_ADVERB = r"then|also|just|even|never|always|who|herself|himself|\w+ly"
_BETWEEN = rf"(?:,? (?:{_ADVERB}))?,? "
_NAME = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ][\w-]*"
_BEFORE_A_DEED = re.compile(rf"(?<![\w’'-])(?P<name>{_NAME})(?:[ \u00a0](?P<more>{_NAME}))?{_BETWEEN}(?:{_DOES})\b")
_KNOWN = re.compile(rf"(?<![\w’'])(?:{'|'.join(_GIVEN.split())})(?!\w)", re.IGNORECASE)
_DOUBLES = frozenset(_DOUBLE.split())
_CAPITAL = re.compile(rf"(?<![\w’'])(?:{'|'.join(sorted(map(str.title, _DOUBLES)))})(?!\w)")
_SURNAME = re.compile(rf"[ \u00a0-](?P<name>{_NAME})")
_STARTS = re.compile(r"(?:^|[.!?:;…\n(\"“‘'–—])[\s\"“‘'(]*$")


def perhaps_names(text: str, ordinary: Collection[str] = ()) -> Iterator[Span]:
    """Words that might name somebody, not in order and perhaps twice.

    ordinary: words of the place and its goods, in small letters, whose capital says nothing.
    """
    yield from (_with_surname(text, found.span()) for found in _KNOWN.finditer(text))
    for found in _CAPITAL.finditer(text):
        if not _starts_a_sentence(text, found.start()):
            yield _with_surname(text, found.span())
    for found in _BEFORE_A_DEED.finditer(text):
        yield from _doers(text, found, ordinary)


def _doers(text: str, found: re.Match[str], ordinary: Collection[str]) -> Iterator[Span]:
    """A capital at the start of a sentence says nothing, unless the word is a name too."""
    spans = []
    for group in ("name", "more"):
        word, start = (found[group] or "").casefold(), found.start(group)
        says_nothing = not word or word in COMMON or word in ordinary or _starts_a_sentence(text, start)
        if word in _DOUBLES or not says_nothing:
            spans.append(found.span(group))
    if spans:
        yield spans[0][0], spans[-1][1]


def _with_surname(text: str, span: Span) -> Span:
    """The name and a capital behind it, or a second half behind a hyphen."""
    more = _SURNAME.match(text, span[1])
    return (span[0], more.end()) if more and more["name"].casefold() not in COMMON else span


def _starts_a_sentence(text: str, at: int) -> bool:
    return _STARTS.search(text[max(at - 12, 0) : at]) is not None if at else True
