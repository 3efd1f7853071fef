"""The release plane: numbers of ten people or more, and what describes them. Nothing in it is about one person."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


class Release(Table, schema="release", tablename="release"):
    """One study as its client may see it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    client_name = plain(Text(default=None), "name of a business")
    study_id = plain(UUID(default=None), "the study it was built from")
    title = plain(Text(default=None), "the study's public title")
    fielded_from = plain(Date(default=None), "the study's first day")
    fielded_until = plain(Date(default=None), "the study's last day")
    threshold = plain(Integer(default=None), "fewest people a number may count")
    manifest = plain(JSONB(default=None), "which tables, how much is hidden, digests")
    digest = plain(Bytea(default=None), "SHA-256 of the manifest, and through it of every number")
    released_at = plain(Timestamptz(default=None), "when it left")


class Node(Table, schema="release", tablename="node"):
    """A place of the client's tree, as it was when released."""

    release_id = plain(UUID(primary_key=True, default=None), "the release")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    node_id = plain(UUID(default=None), "the location")
    path = plain(Text(default=None), "where in the tree: ids of locations")
    level = plain(Text(default=None), "head office, region, district or store")
    code = plain(Text(default=None), "the client's code of the location")
    name = plain(Text(default=None), "name of a location")
    people = plain(Integer(null=True, default=None), "a count of ten people or more, or nothing")


class Question(Table, schema="release", tablename="question"):
    """A question that is reported."""

    release_id = plain(UUID(primary_key=True, default=None), "the release")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    question_id = plain(Text(default=None), "the question's id in its questionnaire")
    position = plain(Integer(default=None), "order on the page")
    section = plain(Text(default=None), "words of the questionnaire")
    title = plain(Text(default=None), "words of the questionnaire")
    part = plain(Text(default=None), "words of the questionnaire")
    kind = plain(Text(default=None), "what it asks for")
    choices = plain(JSONB(default=None), "options with their labels; a typical number stands for ten people or more")


class Cell(Table, schema="release", tablename="cell"):
    """One number about a group of ten people or more, or the word that it is hidden."""

    release_id = plain(UUID(primary_key=True, default=None), "the release")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    table_id = plain(Text(default=None), "which table of the closed list")
    node_id = plain(UUID(default=None), "the location")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    item = plain(Text(default=None), "question or demographic variable")
    category = plain(Text(default=None), "option, score or band")
    value = plain(Numeric(null=True, default=None), "a number about a group of ten people or more, or nothing")
    is_hidden = plain(Boolean(default=False), "whether the number is held back")
