"""Evidence of consent, given and withdrawn. Rows are added, never changed."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table

from ..inventory import Category, Erase, Release, Retention, personal, plain

EVIDENCE_OF_CONSENT = Retention("consent", days=1825, counted_from="the withdrawal, or the end of the membership")


class ConsentRecord(Table, schema="ledger", tablename="consent"):
    """What one person said to one wording."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    subject_id = personal(
        UUID(default=None),
        category=Category.PREFERENCES,
        subject="subject_id",
        purposes=("prove that the person agreed, and to what",),
        retention=EVIDENCE_OF_CONSENT,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason="who has acted on a consent must be able to prove it (GDPR 7(1)); the id names nobody once erased",
    )
    purpose = plain(Text(default=None), "what for, as a code")
    is_given = plain(Boolean(default=None), "given or withdrawn; the person is in subject_id alone")
    wording_version = plain(Integer(default=None), "version of our own words")
    wording = plain(Text(default=None), "our own words")
    method = plain(Text(default=None), "how it was answered, as a code")
    at = plain(Timestamptz(default=None), "evidence of when it was answered")
