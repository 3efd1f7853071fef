"""What shoppers are found and compared by, and what people have decided about those who look alike."""

from piccolo.columns import UUID, Array, Bytea, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, personal, plain

from .columns import WITH_THE_PROFILE, beside

FIND = ("find a shopper who calls or writes", "notice that one person has two profiles")
TELL_APART = ("remember what was decided about two profiles that look alike",)


class Likeness(Table, schema="identity", tablename="likeness"):
    """Fingerprints of one shopper: they can be compared, not read."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    affiliate_id = plain(UUID(default=None), "tenant key")
    phone_index = beside(Bytea(null=True, default=None), Category.IDENTIFIERS, FIND)
    family_index = beside(Bytea(null=True, default=None), Category.IDENTIFIERS, FIND)
    namesake_index = beside(Bytea(null=True, default=None), Category.IDENTIFIERS, FIND)
    payout_index = beside(Bytea(null=True, default=None), Category.IDENTIFIERS, FIND)


class LikenessVerdict(Table, schema="identity", tablename="likeness_verdict"):
    """What somebody decided about two profiles that look alike. It stands twice, once for either of them."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the one; leads to the person")
    other_id = plain(UUID(default=None), "the other; erasing either removes both rows")
    affiliate_id = plain(UUID(default=None), "tenant key")
    signs = beside(Array(base_column=Text(), default=None), Category.INFERENCES, TELL_APART)
    verdict = beside(Text(default=None), Category.INFERENCES, TELL_APART)
    decided_by = personal(
        UUID(null=True, default=None),
        Category.IDENTIFIERS,
        subject="decided_by",
        purposes=("show who decided about a person",),
        retention=WITH_THE_PROFILE,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )
    decided_at = plain(Timestamptz(default=None), "when it was decided")
