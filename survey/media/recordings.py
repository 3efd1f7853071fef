"""Sound and film as they come in: told by their first bytes, and made anew in a process apart.

What is kept is decoded and written again (Opus in Ogg; VP9 with Opus in WebM, 640 pixels and 15 pictures a second at
most), so that nothing a device writes beside it gets through. A lossless copy with its tags taken out would be cheaper,
but a codec's own user data, private tracks and whatever the next telephone invents would have to be known one by one.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

SCRIPT = Path(__file__).with_name("converting.py")
HEAD_BYTES = 64
ANSWER_BYTES = 1000
WAIT_SECONDS = 30 * 60

# The demuxer of each kind of file, by what stands at its beginning; nothing else is ever opened, no playlist either.
_STARTS: Mapping[bytes, str] = {
    b"OggS": "ogg",
    b"\x1a\x45\xdf\xa3": "matroska",
    b"ID3": "mp3",
    b"fLaC": "flac",
    b"#!AMR": "amr",
    b"caff": "caf",
}
_BOXES = frozenset({b"ftyp", b"moov", b"wide", b"mdat", b"free"})
_MPEG_SYNC, _MPEG_MASK, _ADTS_MASK = 0xFFE0, 0xFFE0, 0xFFF6

WHAT_TO_DO = "Choose a recording as your device made it: M4A, MP3, OGG, WAV or FLAC; a film as MP4, MOV or WebM"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a kind is taken: as a file, and as time."""

    file_bytes: int
    seconds: int

    @property
    def words(self) -> str:
        """The limits as people read them."""
        return f"up to {self.file_bytes // 1_000_000} MB and {self.seconds // 60} minutes"


LIMITS: Mapping[str, Limits] = {"audio": Limits(25_000_000, 60 * 60), "film": Limits(100_000_000, 10 * 60)}
KEPT_BYTES = 100_000_000
PROBLEMS: Mapping[str, str] = {
    "no_sound": "there is no sound in it",
    "no_film": "there is no film in it; hand a recording of sound in as sound",
    "too_long": "it is longer than the limit; cut it and send it in parts",
    "bad_size": "its pictures are too large or too small; film at a smaller size (1080p is enough)",
    "damaged": "it is damaged or cut off; send it again, or save it in another form first",
    "given_up": "it could not be prepared; send it again",
    "too_slow": "it took too long to prepare; film at a smaller size, or cut it and send it in parts",
}


class BadRecording(ValueError):
    """This is no recording that we can take. The message says what to do."""


class Unreadable(Exception):
    """The file could not be made into a recording; `problem` is one of PROBLEMS."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class _Answer(msgspec.Struct):
    seconds: int
    problem: str


def check_recording(kind: str, head: bytes, size_bytes: int) -> None:
    """Look at the first bytes and the size, before anything is kept. Raises BadRecording."""
    limits = LIMITS[kind]
    if not size_bytes:
        raise BadRecording("The file is empty. " + WHAT_TO_DO)
    if size_bytes > limits.file_bytes:
        what = "Record at a lower quality" if kind == "audio" else "Film at a smaller size"
        raise BadRecording(
            f"The file is larger than {limits.file_bytes // 1_000_000} MB. {what}, or cut it and send it in parts"
        )
    if form_of(head) is None:
        raise BadRecording("This file is no recording of sound or film. " + WHAT_TO_DO)


def form_of(head: bytes) -> str | None:
    """What reads a file that begins so; None for one that is not taken, whatever its name says."""
    for start, form in _STARTS.items():
        if head.startswith(start):
            return form
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] in _BOXES:
        return "mov"
    word = int.from_bytes(head[:2])
    if word & _ADTS_MASK == 0xFFF0:
        return "aac"
    return "mp3" if word & _MPEG_MASK == _MPEG_SYNC and word & 0x06 else None


async def convert(kind: str, source: Path, target: Path) -> int:
    """Make the recording that is kept, and say how many seconds it has. Raises Unreadable.

    The process has limits of its own for time, memory and what it writes; it is ended where this wait is.
    """
    with source.open("rb") as file:
        form = form_of(file.read(HEAD_BYTES))
    if form is None:
        raise Unreadable("damaged")
    most = LIMITS[kind].seconds
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(SCRIPT), form, kind, str(most), str(source), str(target)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        said = await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
    except TimeoutError:
        raise Unreadable("too_slow") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _seconds(process.returncode, said[0][:ANSWER_BYTES], target)


def _seconds(returncode: int | None, said: bytes, target: Path) -> int:
    """What the process found; one that its limits have ended says nothing."""
    if returncode != 0:
        raise Unreadable("too_slow" if returncode in (-9, -24) else "damaged")
    try:
        answer = msgspec.json.decode(said, type=_Answer)
    except msgspec.DecodeError:
        raise Unreadable("damaged") from None
    if answer.problem:
        raise Unreadable(answer.problem if answer.problem in PROBLEMS else "damaged")
    if not target.exists() or not target.stat().st_size:
        raise Unreadable("damaged")
    return answer.seconds
