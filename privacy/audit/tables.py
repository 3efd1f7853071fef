"""The ledger's events and the chain laid over them. Rows are added, never changed, never removed."""

from piccolo.columns import UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.columns.column_types import JSONB
from piccolo.table import Table

from ..inventory import Category, Erase, Release, Retention, personal, plain

TWO_YEARS = Retention("audit", days=730, counted_from="the event")
ACCOUNT = ("show who did what to whose data, and why",)
EVIDENCE = "evidence of what was done; the id names nobody once the record it belongs to is erased"


class LedgerEvent(Table, schema="ledger", tablename="event"):
    """One thing that was done."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    at = plain(Timestamptz(default=None), "when it was done")
    actor_kind = plain(Text(default=None), "what kind of actor did it")
    actor_id = personal(
        UUID(null=True, default=None),
        category=Category.IDENTIFIERS,
        subject="actor_id",
        purposes=ACCOUNT,
        retention=TWO_YEARS,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=EVIDENCE,
    )
    action = plain(Text(default=None), "what was done, as a code")
    object_kind = plain(Text(default=None), "what kind of thing it was done to")
    object_id = plain(UUID(null=True, default=None), "the thing it was done to")
    subject_id = personal(
        UUID(null=True, default=None),
        category=Category.IDENTIFIERS,
        subject="subject_id",
        purposes=ACCOUNT,
        retention=TWO_YEARS,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=EVIDENCE,
    )
    purpose = plain(Text(null=True, default=None), "why a person's data was read, as a code")
    detail = plain(JSONB(default="{}"), "ids, codes and counts; never a value of a person's")
    actor_role = plain(Text(null=True, default=None), "of a look at a person: in what role; from the detail")
    recorded_at = plain(Timestamptz(default=None), "the database's own clock, for the chain")


class LedgerEventLink(Table, schema="ledger", tablename="event_link"):
    """One link of the chain."""

    seq = plain(BigInt(primary_key=True, default=None), "place in the chain, from 1")
    event_id = plain(UUID(default=None), "the event that the link holds")
    hash = plain(Bytea(default=None), "SHA-256 over the event and everything before it")
