"""What keeps a report from being approved. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from .reports import Picture, Report, Scanned


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that has to be done before a report may be approved. anchor: where on the page."""

    anchor: str
    text: str


class NotReady(Exception):
    """The report cannot be approved yet; `gaps` says what is missing."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__("the report cannot be approved yet")
        self.gaps = tuple(gaps)


def goes_to_client(picture_kind: str, picture_mode: str, receipt_mode: str) -> bool:
    """Whether a client gets to see pictures of this kind."""
    return receipt_mode == "redacted" if picture_kind == "receipt" else picture_mode == "redacted"


def gaps_of(
    report: Report, scanned: Collection[Scanned], pictures: Collection[Picture], strangers: Collection[str] = ()
) -> list[Gap]:
    """What keeps the report from being approved, in the order of the page. strangers: tokens that stand for nobody."""
    gaps = [*_of_words(scanned), *(Gap("answers", f"[{token}] stands for nobody") for token in strangers)]
    shown = [each for each in pictures if goes_to_client(each.kind, report.picture_mode, report.receipt_mode)]
    open_ones = [each for each in shown if each.review not in ("redacted", "withheld")]
    if open_ones:
        count = len(open_ones)
        gaps.append(
            Gap("pictures", f"{count} picture{'s' if count > 1 else ''} to be looked at with the client’s eyes")
        )
    if report.proposed_by is not None:
        gaps.append(Gap("decision", "A proposal to reject the report waits for a second person"))
    return gaps


def _of_words(scanned: Collection[Scanned]) -> Iterator[Gap]:
    """The same words are dealt with at once, wherever they stand."""
    perhaps = {each.words.casefold() for each in scanned if each.is_perhaps and not each.is_left}
    count = len({each.words.casefold() for each in scanned if not each.is_perhaps and not each.is_left})
    if count:
        yield Gap("findings", f"{count} finding{'s' if count > 1 else ''} in the texts to be dealt with")
    if perhaps:
        yield Gap("findings", f"{len(perhaps)} that might be a name: say of each whether it is one")
