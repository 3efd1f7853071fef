"""What was found about the promises, and the settings that processes keep. Nothing here is about a person."""

from piccolo.columns import JSONB, UUID, Boolean, Integer, Text, Timestamptz
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


class ProofRun(Table, schema="ops", tablename="proof_run"):
    """One search for people where they must not be found. Goes after a year, by `promises.forget_runs`."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    state = plain(Text(default="WAITING"), "how far it has come, and what came of it")
    asked_role = plain(Text(default=None), "in what role somebody asked for it; nobody’s id")
    asked_at = plain(Timestamptz(default=None), "when it was asked for")
    started_at = plain(Timestamptz(null=True, default=None), "when it began")
    beat_at = plain(Timestamptz(null=True, default=None), "when it last showed life")
    finished_at = plain(Timestamptz(null=True, default=None), "when it ended")
    shops = plain(Integer(default=0), "of how many released visits")
    shoppers = plain(Integer(default=0), "of how many people")
    tokens = plain(JSONB(default="{}"), "how many values of each kind were looked for; never a value")


class ProofEye(Table, schema="ops", tablename="proof_eye"):
    """With whose eyes a run has looked, and how much it was answered."""

    run_id = plain(UUID(primary_key=True, default=None), "the run")
    eye = plain(Text(default=None), "what kind of visitor; a code")
    affiliate_id = plain(UUID(default=None), "tenant key")
    state = plain(Text(default=None), "whether it waits, looks, is done or had to be left out")
    searched = plain(Integer(default=0), "how many answers were searched")
    shown = plain(Integer(default=0), "how many of them were no refusal")
    files = plain(Integer(default=0), "how many were files")
    pictures = plain(Integer(default=0), "how many were pictures")
    failed = plain(Integer(default=0), "how many were faults of ours")


class ProofHit(Table, schema="ops", tablename="proof_hit"):
    """In how many answers of a route something of a kind was found."""

    run_id = plain(UUID(primary_key=True, default=None), "the run")
    eye = plain(Text(default=None), "what kind of visitor; a code")
    kind = plain(Text(default=None), "what kind of value; a code")
    route = plain(Text(default=None), "the route’s template: no id, no word")
    affiliate_id = plain(UUID(default=None), "tenant key")
    answers = plain(Integer(default=None), "in how many answers")
