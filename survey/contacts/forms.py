"""From what was typed or chosen to filters, columns and evidence, with messages that say what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from survey.clients.domain import Location
from survey.contacts.domain import (
    DELIMITERS,
    ENCODINGS,
    LANGUAGES,
    ContactFilter,
    DateOrder,
    Evidence,
    Field,
    LegalBasis,
    Shape,
    Shown,
    is_language,
)
from survey.contacts.domain import Mapping as ColumnMapping
from survey.web import Form

SOURCE_CHARACTERS = 300
FIELD_WORDS = {
    Field.EMAIL: "E-mail",
    Field.FIRST_NAME: "First name",
    Field.LAST_NAME: "Last name",
    Field.FULL_NAME: "Whole name",
    Field.STORE: "Store code",
    Field.VISIT_DATE: "Visit date",
    Field.LANGUAGE: "Language",
    Field.COMPANY: "Company",
    Field.CITY: "City",
    Field.NOTE: "Note",
}
BASIS_WORDS = {
    LegalBasis.CONSENT: "They agreed to be asked",
    LegalBasis.CONTRACT: "Asking is part of what they have bought",
    LegalBasis.LEGITIMATE_INTERESTS: "The client's legitimate interest in its customers' opinion",
}
SHOWN_WORDS = {
    Shown.INVITABLE: "Can be invited",
    Shown.OPTED_OUT: "Opted out",
    Shown.BOUNCED: "Mail came back",
    Shown.RESTRICTED: "Restricted",
}
PURPOSES = {
    "request": "This person has asked us something",
    "complaint": "To answer a complaint",
    "correction": "To check or correct the client's list",
    "delivery": "To find out why mail did not arrive",
}
EXPORT_PURPOSES = {
    "return": "To give the client its own list back",
    "correction": "To check or correct the client's list",
    "authority": "An authority has asked for it",
}


@dataclass(frozen=True, slots=True)
class ListView:
    """A narrowed list as its URL asks for it: the filter, and the fields' values to show again."""

    wanted: ContactFilter
    values: dict[str, str]
    unknown_store: bool = False


def list_view(query: Mapping[str, str], locations: Sequence[Location]) -> ListView:
    """What a list's URL asks for. What cannot be read is left out, as if it had not been asked."""
    values = {name: query.get(name, "").strip()[:100] for name in ("store", "place", "language", "from", "until")}
    values |= {name: query.get(name, "").strip()[:100] for name in ("state", "import")}
    store = _by_code(locations, values["store"]) if values["store"] else None
    place = next((one for one in locations if str(one.id) == values["place"]), None)
    node = store or (None if values["store"] else place)
    wanted = ContactFilter(
        node_path=node.path if node else ("/" if values["store"] else None),
        language=values["language"] if is_language(values["language"]) else None,
        visited_from=_day(values["from"]),
        visited_until=_day(values["until"]),
        import_id=_id(values["import"]),
        shown=Shown(values["state"]) if values["state"] in set(Shown) else None,
    )
    return ListView(wanted, values, unknown_store=bool(values["store"]) and store is None)


def shape_in(form: Form, shape: Shape) -> Shape:
    """How the list is to be cut, as chosen."""
    return replace(
        shape,
        encoding=form["encoding"] if form["encoding"] in ENCODINGS else shape.encoding,
        delimiter=_chosen_delimiter(form, shape),
        has_header=form.get("header", "yes" if shape.has_header else "no") == "yes",
    )


def mapping_in(form: Form, width: int, refused: Sequence[int]) -> ColumnMapping:
    """What each column is to be imported as; messages where that cannot be."""
    columns: dict[int, Field] = {}
    for at in range(width):
        chosen = form[f"column-{at}"]
        if chosen not in set(Field) or at in refused:
            continue
        if Field(chosen) in columns.values():
            form.refuse(f"column-{at}", f"{FIELD_WORDS[Field(chosen)]}: choose one column for it, not two")
        columns[at] = Field(chosen)
    if Field.EMAIL not in columns.values():
        form.refuse("column-0", "Choose the column that holds the e-mail addresses")
    order = DateOrder(form["date_order"]) if form["date_order"] in set(DateOrder) else DateOrder.DAY_FIRST
    return ColumnMapping(columns, order, form["language"] if form["language"] in LANGUAGES else "en")


def evidence_in(form: Form) -> Evidence:
    """Where the list comes from, as attested; messages where something is missing."""
    source = form["source"]
    if not source:
        form.refuse("source", "Say how the client came by these addresses")
    elif len(source) > SOURCE_CHARACTERS:
        form.refuse("source", f"Say it in at most {SOURCE_CHARACTERS} characters")
    if form["legal_basis"] not in set(LegalBasis):
        form.refuse("legal_basis", "Choose why these people may be written to")
    if form["attested"] != "yes":
        form.refuse("attested", "Confirm that the client may give us this list, or do not import it")
    basis = LegalBasis(form["legal_basis"]) if form.is_valid else LegalBasis.CONSENT
    return Evidence(source, basis)


def purpose_in(form: Form) -> str:
    """Why somebody wants to see a person; a message where nothing is chosen."""
    if form["purpose"] not in PURPOSES:
        form.refuse("purpose", "Choose why you need to see this person")
    return form["purpose"]


def export_purpose_in(form: Form) -> str:
    """Why a list is to leave the house; a message where nothing is chosen."""
    if form["purpose"] not in EXPORT_PURPOSES:
        form.refuse("purpose", "Choose why the list has to leave")
    return form["purpose"]


def _chosen_delimiter(form: Form, shape: Shape) -> str:
    # A tab does not survive the trimming of a field, so the choice is made by name.
    names = {name: sign for sign, name in DELIMITERS.items()}
    return names.get(form["delimiter"], shape.delimiter)


def _by_code(locations: Sequence[Location], code: str) -> Location | None:
    return next((one for one in locations if one.code.casefold() == code.casefold()), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
