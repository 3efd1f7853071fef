"""A look at words about a visit that are not in its report, like the one at its own texts, and their covering."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from privacy.redaction import DEFAULT_TOKENS, Finding, Kind, findings, replaced, with_perhaps
from privacy.vault import data_key
from survey.db import NotFound, Scope, connection
from survey.settings import Settings
from survey.shops.fieldwork.domain import with_untold_times

from .. import queries
from ..domain import FINDING_WORDS, NOBODY
from .opening import opened, own_names
from .scanning import ordinary_words, places_of_client, scanned_in
from .sealing import opened_mention

PERSONS = frozenset({Kind.NAME, Kind.PERHAPS})


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in words, and how they read with that covered."""

    words: str = field(repr=False)
    found: Sequence[Finding]

    @property
    def certain(self) -> "Looked":
        """The same without what only might be a name."""
        return replace(self, found=[each for each in self.found if each.kind is not Kind.PERHAPS])

    @property
    def kinds(self) -> list[str]:
        """What was found, each kind once, in the order of its gravity."""
        found = {each.kind for each in self.found}
        return [
            f"what {words}" if words.startswith("might") else words
            for kind, words in FINDING_WORDS.items()
            if kind in found
        ]

    @property
    def in_words(self) -> str:
        """What was found, as somebody is asked to take it out."""
        return " and ".join(map(_with_article, self.kinds))

    @property
    def covered(self) -> str:
        """The words with what was found taken out: people stand there as nobody, numbers as what they are."""
        tokens = {each: NOBODY if each.kind in PERSONS else DEFAULT_TOKENS[each.kind] for each in self.found}
        return replaced(self.words, self.found, tokens)


async def look_at_words(
    scope: Scope, settings: Settings, shop_id: UUID, words: str, *, to_client: bool, with_own: bool = False
) -> Looked:
    """Look at words that go to a client or to the shopper. Raises NotFound.

    Names of staff go to a client only where the campaign lets its reports name them, and to a shopper never; a time of
    day goes to a client only as finely as the campaign tells it.
    with_own: the shopper's name is looked for too; whoever asks has put the opening of it on record.
    """
    report = await queries.report_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, report.id)
    mentions = [opened_mention(key, row) for row in await queries.mentions_of(scope, report.id)]
    own = await own_names(scope, settings, shop_id) if with_own else ()
    known = [each.name for each in mentions if each.name]
    certain = findings(words, known, own, report.regions)
    found = with_perhaps(words, certain, ordinary_words(report), places_of_client(report))
    if to_client:
        found = with_untold_times(words, found, report.time_told)
    may_name = to_client and report.employee_id_mode == "name"
    return Looked(words, [each for each in found if not (may_name and each.kind in PERSONS)])


async def look_at_text(scope: Scope, settings: Settings, shop_id: UUID, placed: tuple[str, str]) -> Looked:
    """Look at words that are to stand in a report, as its own scan will: what is found in them there keeps it from
    leaving. placed: field, words. Nothing is found where they stand there already. Raises NotFound.
    """
    found = await opened(scope, settings, shop_id)
    name, text = placed
    if name not in found.texts:
        raise NotFound("text")
    if text == found.texts[name]:
        return Looked(text, [])
    left = {(each.question_id, each.mark): each.left for each in found.scanned if each.left}
    known = [each.name for each in found.mentions if each.name]
    scanned = scanned_in(settings, found.report, {**found.texts, name: text}, (known, ()), left)
    return Looked(text, [each.finding for each in scanned if each.question_id == name and not each.is_left])


def _with_article(kind: str) -> str:
    return kind if kind.startswith(("a ", "the ", "what ")) else f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
