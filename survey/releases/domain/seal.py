"""The manifest of a release and its digest: SHA-256 over one spelling of everything that leaves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.json import Encoder

from privacy.crypto import sha256

from .facts import Fieldwork
from .rows import TOTAL, Cell, NodeRow, QuestionRow, TableId

# Raised when the rows or the rules change: the same study would then give another digest.
FORMAT, RULES = 1, "threshold, nested differences, rounded shares: 1"

_ENCODER = Encoder(order="sorted", decimal_format="string")

LABELS = {
    "nodes": "Locations",
    "questions": "Questions",
    TableId.ANSWERS: "Answers",
    TableId.SHARES: "Rounded shares",
    TableId.SCORES: "Scores",
    TableId.DEMOGRAPHICS: "Who took part",
}


def manifest_of(
    fieldwork: Fieldwork, k: int, nodes: Sequence[NodeRow], questions: Sequence[QuestionRow], cells: Sequence[Cell]
) -> dict[str, Any]:
    """What the release holds: its source, the threshold, how much is hidden, and the digest of every table."""
    return {
        "format": FORMAT,
        "rules": RULES,
        "threshold": k,
        "study": str(fieldwork.study_id),
        "questionnaire_version": str(fieldwork.version_id),
        "title": fieldwork.title,
        "fielded": [fieldwork.opened_on.isoformat(), fieldwork.closed_on.isoformat()],
        "hidden": _hidden(nodes, cells),
        "tables": _digests(nodes, questions, cells),
    }


@dataclass(frozen=True, slots=True)
class Content:
    """One table of a release, as the manifest has it."""

    label: str
    rows: int
    digest: str


def contents(manifest: Mapping[str, Any]) -> list[Content]:
    """What a manifest says has left, in words."""
    return [Content(LABELS[table["id"]], table["rows"], table["sha256"]) for table in manifest["tables"]]


def is_as_sealed(
    manifest: Mapping[str, Any],
    digest: bytes,
    nodes: Sequence[NodeRow],
    questions: Sequence[QuestionRow],
    cells: Sequence[Cell],
) -> bool:
    """Whether the rows are those the manifest was made of, and the manifest the one that was sealed."""
    return manifest["tables"] == _digests(nodes, questions, cells) and digest_of(manifest) == digest


def digest_of(manifest: Mapping[str, Any]) -> bytes:
    """The digest of a release."""
    return sha256(canonical(manifest))


def canonical(value: object) -> bytes:
    """The one spelling that is hashed: JSON with sorted names, no spaces, decimals as text in full."""
    return _ENCODER.encode(value)


def _digests(
    nodes: Iterable[NodeRow], questions: Iterable[QuestionRow], cells: Sequence[Cell]
) -> list[dict[str, str | int]]:
    tables: dict[str, list[Any]] = {"nodes": list(nodes), "questions": list(questions)}
    for table_id in TableId:
        tables[table_id] = [cell for cell in cells if cell.table_id is table_id]
    return [{"id": name, "rows": len(rows), "sha256": _hash(rows)} for name, rows in tables.items()]


def _hash(rows: Iterable[Any]) -> str:
    """Rows in the order of their spelling, so that the order in which they were read changes nothing."""
    return sha256(b"\n".join(sorted(canonical(row) for row in rows))).hex()


def _hidden(nodes: Iterable[NodeRow], cells: Iterable[Cell]) -> dict[str, int]:
    hidden = Counter(cell.table_id for cell in cells if cell.value is None and cell.category == TOTAL)
    rounded = {(cell.node_id, cell.item) for cell in cells if cell.table_id is TableId.SHARES}
    return {
        "places": sum(node.people is None for node in nodes),
        "tables": hidden[TableId.ANSWERS] - len(rounded),
        "rounded_tables": len(rounded),
    }
