"""What was found about the promises, and the settings that processes keep. Nothing here is about a person."""

from piccolo.columns import JSONB, UUID, Boolean, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


class PromiseCheck(Table, schema="ledger", tablename="promise_check"):
    """One look at one promise. Never changed, never removed."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    promise = plain(Text(default=None), "which promise")
    is_held = plain(Boolean(default=None), "whether it held")
    finding = plain(Text(default=None), "what was found, in our own words and counts")
    at = plain(Timestamptz(default=None), "when it was looked at")


class Setting(Table, schema="ops", tablename="setting"):
    """Something a process has to remember between two runs."""

    name = plain(Text(primary_key=True, default=None), "what is remembered")
    value = plain(JSONB(default=None), "its value; never a person's data")
