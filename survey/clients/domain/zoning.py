"""Giving the stores of a list their time zones: as it says, as they have it, or as is guessed and shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .tree import Level, Location, LocationDraft, RowProblem
from .zones import TRUE_UTC, UNKNOWN, Guess, ZoneGuess, guessed_zone


@dataclass(slots=True)
class Zoned:
    """Rows with their zones, what was guessed, and rows of which the zone has to be said."""

    drafts: list[LocationDraft] = field(default_factory=list)
    guesses: list[ZoneGuess] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def zoned(existing: Sequence[Location], drafts: Iterable[LocationDraft]) -> Zoned:
    """Each row with a zone. Only stores are visited: of anything above them nobody has to know it."""
    known = {place.code: place for place in existing}
    result = Zoned()
    for draft in drafts:
        present = known.get(draft.code)
        if draft.time_zone:
            result.drafts.append(replace(draft, time_zone=_said(draft, present)))
        elif present is not None and ("time_zone" in draft.keeps or present.time_zone != UNKNOWN):
            result.drafts.append(replace(draft, time_zone=present.time_zone))
        elif draft.level != Level.STORE:
            result.drafts.append(replace(draft, time_zone=UNKNOWN))
        else:
            _add_store(result, draft, known)
    return result


def _said(draft: LocationDraft, present: Location | None) -> str:
    """The zone of a row. UTC of a new store is said, as in the form; of one that is there it may be what nobody said.

    A list from before somebody said that UTC is right does not undo it.
    """
    if draft.time_zone != UNKNOWN:
        return draft.time_zone
    is_said = draft.level == Level.STORE if present is None else present.time_zone == TRUE_UTC
    return TRUE_UTC if is_said else UNKNOWN


def _add_store(result: Zoned, draft: LocationDraft, known: Mapping[str, Location]) -> None:
    guess = guessed_zone(draft.country, draft.region, draft.postal_code)
    above = known.get(draft.parent_code)
    if not guess.zones and above is not None and above.time_zone != UNKNOWN:
        guess = Guess((above.time_zone,), above.name)
    if guess.zone:
        result.drafts.append(replace(draft, time_zone=guess.zone))
        result.guesses.append(ZoneGuess(draft.row, draft.code, guess.words))
    else:
        result.problems.append(RowProblem(draft.row, draft.code, guess.words))
