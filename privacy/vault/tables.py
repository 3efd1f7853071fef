"""The key of each subject: while the row stands, what was sealed can be opened."""

from piccolo.columns import UUID, Bytea, Date, Integer
from piccolo.table import Table

from ..inventory import Category, Erase, Release, Retention, personal, plain

WITH_THE_SUBJECT = Retention("subject key", days=0, counted_from="the erasure of the subject's record")


class SubjectKey(Table, schema="vault", tablename="subject_key"):
    """One subject's data key, wrapped. Erasing a subject removes the row."""

    id = plain(UUID(primary_key=True, default=None), "random id, the same as that of the subject's record")
    affiliate_id = plain(UUID(default=None), "tenant key")
    kek_version = plain(Integer(default=None), "which key-encryption key wraps this one")
    wrapped = personal(
        Bytea(default=None, secret=True),
        category=Category.SECURITY,
        subject="self",
        purposes=("open what was sealed for this subject",),
        retention=WITH_THE_SUBJECT,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    created_on = plain(Date(default=None), "day only, so that arrival does not identify")
