"""Building a release: count, clear, publish, examine, and write down the rows. The same input gives the same bytes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from privacy.anonymity.counting import Record, counted
from privacy.anonymity.demographics import Makeup, makeup
from privacy.anonymity.proof import examined
from privacy.anonymity.protection import FLOOR, cleared
from privacy.anonymity.publication import Exact, Publication, Rounded, Table, published
from privacy.anonymity.trees import NotATree, Tree, grown
from survey.questionnaires.domain import Kind

from .asked import Asked, Choice, asked_in
from .coding import numbers_in, records, shown_in
from .facts import Fieldwork, Place, Reply, Unreleasable
from .rows import TOTAL, Cell, NodeRow, QuestionRow, TableId
from .scores import SCORES_OF, scores
from .seal import digest_of, manifest_of

DEMOGRAPHICS = ("age_band", "gender", "region")
NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that leaves, and the manifest that says what it is."""

    nodes: tuple[NodeRow, ...]
    questions: tuple[QuestionRow, ...]
    cells: tuple[Cell, ...]
    manifest: Mapping[str, Any]
    digest: bytes


def build(fieldwork: Fieldwork, replies: Sequence[Reply], k: int = FLOOR) -> Release:
    """The release of a closed study. Raises Unreleasable, or privacy.anonymity's Unsafe: then nothing may leave."""
    tree = tree_of(fieldwork.places)
    responses = shown_in(fieldwork.definition, replies)
    questions = asked_in(fieldwork.definition, numbers_in(fieldwork.definition, responses), k)
    counted_records = records(questions, responses, {place.id: place.code for place in fieldwork.places}, tree.root)
    publication = _publication(tree, questions, counted_records, k)
    reported = [question for question in questions if question.item.is_reported]
    nodes = tuple(_nodes(fieldwork.places, publication))
    rows = tuple(_question_row(position, question) for position, question in enumerate(reported, start=1))
    cells = (
        *_answer_cells(fieldwork.places, reported, publication),
        *_demographic_cells(_root(fieldwork.places), replies, publication, k),
    )
    manifest = manifest_of(fieldwork, k, nodes, rows, cells)
    return Release(nodes, rows, cells, manifest, digest_of(manifest))


def tree_of(places: Sequence[Place]) -> Tree:
    """The client's tree by location codes. Raises Unreleasable."""
    code_of = {place.id: place.code for place in places}
    try:
        return grown({place.code: code_of[place.parent_id] if place.parent_id else None for place in places})
    except (KeyError, NotATree) as error:
        raise Unreleasable("the client's locations do not hang together under one head office") from error


def _publication(tree: Tree, questions: Sequence[Asked], counted_records: Sequence[Record], k: int) -> Publication:
    pure = [question.question for question in questions]
    counts = counted(tree, pure, counted_records)
    return examined(tree, published(pure, counts, cleared(tree, pure, counts, k), k), k)


def _root(places: Sequence[Place]) -> Place:
    return next(place for place in places if place.parent_id is None)


def _nodes(places: Sequence[Place], publication: Publication) -> Iterator[NodeRow]:
    for place in sorted(places, key=lambda place: place.code):
        yield NodeRow(place.id, place.path, place.level, place.code, place.name, publication.people[place.code])


def _question_row(position: int, question: Asked) -> QuestionRow:
    choices = tuple(_choice(choice) for choice in question.choices)
    return QuestionRow(
        question.id, position, question.section, question.item.title, question.part, question.item.kind, choices
    )


def _choice(choice: Choice) -> dict[str, str | int | float]:
    known: dict[str, str | int | float] = {"code": choice.code, "label": choice.label}
    if choice.value is not None:
        whole = choice.value == choice.value.to_integral_value()
        known["value"] = int(choice.value) if whole else float(choice.value)
    return known


def _answer_cells(places: Sequence[Place], questions: Sequence[Asked], publication: Publication) -> Iterator[Cell]:
    """Cells of the places whose people are published. A place that is hidden has no cells: its silence is complete."""
    for place in sorted(places, key=lambda place: place.code):
        if publication.people[place.code] is None:
            continue
        for question in questions:
            table = publication.tables[question.id][place.code]
            for table_id, category, value in _numbers(question, table):
                yield Cell(table_id, place.id, place.path, question.id, category, value)


def _numbers(question: Asked, table: Table) -> Iterator[tuple[TableId, str, Decimal | None]]:
    kind = Kind(question.item.kind)
    yield TableId.ANSWERS, TOTAL, Decimal(table.n) if isinstance(table, Exact) else None
    if isinstance(table, Exact):
        yield from ((TableId.ANSWERS, code, Decimal(count)) for code, count in table.counts.items())
    elif isinstance(table, Rounded):
        yield from ((TableId.SHARES, code, Decimal(share)) for code, share in table.shares.items())
    found = scores(kind, question.choices, table) if table else {}
    yield from ((TableId.SCORES, name, found.get(name)) for name in SCORES_OF.get(kind, ()))


def _demographic_cells(root: Place, replies: Sequence[Reply], publication: Publication, k: int) -> Iterator[Cell]:
    """Who took part, at the head of the tree only, and only where the people of the whole study are published."""
    if publication.people[root.code] is None:
        return
    for variable in DEMOGRAPHICS:
        counts = Counter(_band(reply.demographics.get(variable)) for reply in replies)
        if set(counts) - {NOT_STATED}:
            yield from _makeup_cells(root, variable, makeup(counts, k))


def _band(value: object) -> str:
    return value if isinstance(value, str) and value and value != TOTAL else NOT_STATED


def _makeup_cells(root: Place, variable: str, table: Makeup) -> Iterator[Cell]:
    for category, count in ((TOTAL, table.total), *table.bands.items()):
        value = None if count is None else Decimal(count)
        yield Cell(TableId.DEMOGRAPHICS, root.id, root.path, variable, category, value)
