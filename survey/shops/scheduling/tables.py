"""What schedulers keep: views, bulk acts, offers that go on by themselves, threads with shoppers, calendar feeds."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

MESSAGES = Retention(
    "messages with shoppers", days=365, counted_from="the last message of the thread", sweep="sweeps.run"
)
CALENDARS = Retention("calendar addresses", days=30, counted_from="the day the address was shut", sweep="sweeps.run")
TALK = ("let a shopper and whoever schedules the visit talk to one another",)


def _of_talk(column: C, category: Category = Category.EMPLOYMENT, on_erase: Erase = Erase.DELETE) -> C:
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=TALK,
        retention=MESSAGES,
        on_erase=on_erase,
        release=Release.NEVER,
    )


class SavedView(Table, schema="ops", tablename="saved_view"):
    """A way to look at the board, by name."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "whose it is; leads to staff")
    name = plain(Text(default=None), "what its owner calls it")
    query = plain(Text(default=None), "filters, sort and columns, as the board's URL holds them")
    is_shared = plain(Boolean(default=False), "whether colleagues see it")
    created_at = plain(Timestamptz(default=None), "when it was saved")


class BulkAction(Table, schema="ops", tablename="bulk_action"):
    """What was done to many shops at once, and what was there before."""

    id = plain(UUID(primary_key=True, default=None), "drawn for the preview")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "who did it; leads to staff")
    kind = plain(Text(default=None), "what was done")
    before = plain(JSONB(default="{}"), "by shop: ids, numbers and days that were there before")
    skipped = plain(JSONB(default="[]"), "why which shops, or which pasted lines, were left out")
    wanted = plain(JSONB(default="[]"), "the shops that an act reaches")
    done_at = plain(Timestamptz(default=None), "when")
    carried_out_at = plain(
        Timestamptz(null=True, default=None), "when an act that waited took effect, or its shoppers were told"
    )
    undone_at = plain(Timestamptz(null=True, default=None), "when it was undone")
    undone_count = plain(Integer(default=0), "how many shops the undo reached")


class AutoOffer(Table, schema="field", tablename="auto_offer"):
    """A shop that is offered to one shopper after another until somebody takes it. No person is in it."""

    shop_id = plain(UUID(primary_key=True, default=None), "the shop")
    affiliate_id = plain(UUID(default=None), "tenant key")
    started_by = plain(UUID(null=True, default=None), "the account that wanted it; leads to staff; nobody: a campaign")
    started_at = plain(Timestamptz(default=None), "since when")
    offers = plain(Integer(default=0), "how many were made")
    ended_at = plain(Timestamptz(null=True, default=None), "when it ended")
    outcome = plain(Text(default=""), "how it ended")


class Thread(Table, schema="identity", tablename="thread"):
    """What a shopper and the staff write to one another, about one shop or in general."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "leads to the person")
    shop_id = _of_talk(UUID(null=True, default=None))
    owner_id = plain(UUID(null=True, default=None), "the account that answers; leads to staff")
    waiting_since = _of_talk(Timestamptz(null=True, default=None))
    read_to = _of_talk(Timestamptz(null=True, default=None))
    last_at = _of_talk(Timestamptz(default=None))
    created_at = _of_talk(Timestamptz(default=None))


class Message(Table, schema="identity", tablename="message"):
    """One message of a thread, sealed with the shopper's key."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    thread_id = plain(UUID(default=None), "the thread")
    shopper_id = plain(UUID(default=None), "leads to the person")
    author = _of_talk(Text(default=None))
    account_id = plain(UUID(null=True, default=None), "who of the staff wrote it; leads to staff")
    body = _of_talk(Bytea(default=None, secret=True), Category.FREE_TEXT, Erase.SHRED)
    created_at = _of_talk(Timestamptz(default=None))
    shown_from = plain(Timestamptz(null=True, default=None), "from when on the shopper sees it; nothing: at once")


class CalendarFeed(Table, schema="ops", tablename="calendar_feed"):
    """A secret address that a calendar program reads shops from."""

    id = plain(UUID(primary_key=True, default=None), "random id behind the signed address")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "whose calendar it is; leads to the person")
    shopper_id = personal(
        UUID(null=True, default=None),
        Category.TECHNICAL,
        subject="shopper_id",
        purposes=("show somebody's own shops in their calendar program",),
        retention=CALENDARS,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    query = plain(Text(default=""), "of a scheduler's: which shops, as the board's URL holds it")
    created_at = plain(Timestamptz(default=None), "when the address was made")
    revoked_at = plain(Timestamptz(null=True, default=None), "since when it is dead")
