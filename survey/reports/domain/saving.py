"""What a page is saved as: a file, a signed copy, or a ZIP of all its files, each with its signature beside it.

A signature stands beside its file: a CSV has no place for one, and programs drop what they do not know from a PDF or a
workbook. Both leave in one ZIP from one request, as what a page shows may change between two: so they always fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from .exports import Cover, FileKind, csv_of, xlsx_of
from .sheets import Sheet
from .signed import Desk, signature_of, signed_copy

SIGNATURE = "signature.json"
PDF, PDF_MEDIA = "pdf", "application/pdf"


@dataclass(frozen=True, slots=True)
class Saved:
    """A page that is saved. name: of its files, without an ending; paper: its PDF, where it has one."""

    name: str
    cover: Cover
    sheets: Sequence[Sheet]
    paper: bytes | None = None


def written(kind: FileKind, page: Saved, desk: Desk) -> bytes:
    """The page as a file of this kind."""
    if kind is FileKind.BUNDLE:
        return _bundle(page, desk)
    if kind is FileKind.SIGNED:
        return signed_copy(page.cover, page.sheets, desk)
    return csv_of(page.cover, page.sheets) if kind is FileKind.CSV else xlsx_of(page.cover, page.sheets)


def _bundle(page: Saved, desk: Desk) -> bytes:
    raw, made_at = BytesIO(), desk.now.astimezone(UTC)
    moment = (made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second)
    with ZipFile(raw, "w") as bundle:
        for name, content in _files(page, desk).items():
            bundle.writestr(ZipInfo(name, moment), content)
            signature = signature_of(name, content, page.cover, desk)
            bundle.writestr(ZipInfo(f"{name}.{SIGNATURE}", moment), signature)
    return raw.getvalue()


def _files(page: Saved, desk: Desk) -> Mapping[str, bytes]:
    files = {f"{page.name}.{kind}": written(kind, page, desk) for kind in (FileKind.CSV, FileKind.XLSX)}
    return files if page.paper is None else files | {f"{page.name}.{PDF}": page.paper}
