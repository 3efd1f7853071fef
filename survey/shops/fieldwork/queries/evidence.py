"""Pictures of a report, and where its writer says to have been."""

from datetime import datetime
from uuid import UUID

from survey.db import NotFound, Scope, connection
from survey.media.pictures import Picture

from ..domain import CheckIn, Proof

_COLUMNS = "id, kind, media_key, width, height, created_at"

_INSERT = """
INSERT INTO field.evidence
       (affiliate_id, report_id, kind, media_key, digest, size_bytes, width, height, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING id
"""

_CHECK_IN = """
INSERT INTO field.check_in (report_id, affiliate_id, latitude, longitude, accuracy_m, at)
VALUES ($1, $2, round($3::numeric, 3), round($4::numeric, 3), $5, $6)
ON CONFLICT (report_id) DO UPDATE
   SET latitude = excluded.latitude,
       longitude = excluded.longitude,
       accuracy_m = excluded.accuracy_m,
       at = excluded.at
"""


async def pictures_of(scope: Scope, report_id: UUID) -> list[Proof]:
    """The pictures of a report, in the order in which they came."""
    rows = await connection().fetch(
        f"SELECT {_COLUMNS} FROM field.evidence"  # noqa: S608  (names of columns)
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY created_at, id",
        scope.affiliate_id,
        report_id,
    )
    return [Proof(**row) for row in rows]


async def picture_in(scope: Scope, report_id: UUID, picture_id: UUID) -> Proof:
    """A picture of a report. Raises NotFound."""
    row = await connection().fetchrow(
        f"SELECT {_COLUMNS} FROM field.evidence"  # noqa: S608  (names of columns)
        " WHERE affiliate_id = $1 AND report_id = $2 AND id = $3",
        scope.affiliate_id,
        report_id,
        picture_id,
    )
    if row is None:
        raise NotFound("picture")
    return Proof(**row)


async def find_same(scope: Scope, report_id: UUID, digest: bytes) -> UUID | None:
    """A picture of the report that shows the very same pixels."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM field.evidence WHERE affiliate_id = $1 AND report_id = $2 AND digest = $3 LIMIT 1",
        scope.affiliate_id,
        report_id,
        digest,
    )
    return found


async def insert_picture(scope: Scope, report_id: UUID, kind: str, made: tuple[Picture, str], now: datetime) -> UUID:
    """Put a picture into the tray; made: the picture and its key in the media store."""
    picture, media_key = made
    picture_id: UUID = await connection().fetchval(
        _INSERT,
        scope.affiliate_id,
        report_id,
        kind,
        media_key,
        picture.digest,
        len(picture.content),
        picture.width,
        picture.height,
        now,
    )
    return picture_id


async def delete_picture(scope: Scope, picture_id: UUID) -> None:
    """Take a picture out of the tray."""
    await connection().execute(
        "DELETE FROM field.evidence WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, picture_id
    )


async def check_in_of(scope: Scope, report_id: UUID) -> CheckIn | None:
    """Where the writer says to have been."""
    row = await connection().fetchrow(
        "SELECT latitude::float8, longitude::float8, accuracy_m, at FROM field.check_in"
        " WHERE affiliate_id = $1 AND report_id = $2",
        scope.affiliate_id,
        report_id,
    )
    return CheckIn(**row) if row else None


async def put_check_in(scope: Scope, report_id: UUID, place: CheckIn, now: datetime) -> None:
    """Note where the writer is, rounded."""
    await connection().execute(
        _CHECK_IN, report_id, scope.affiliate_id, place.latitude, place.longitude, place.accuracy_m, now
    )


async def delete_check_in(scope: Scope, report_id: UUID) -> None:
    """Forget where the writer was."""
    await connection().execute(
        "DELETE FROM field.check_in WHERE affiliate_id = $1 AND report_id = $2", scope.affiliate_id, report_id
    )
