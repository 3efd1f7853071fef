"""Makes a new recording out of the sound and the pictures of one that was sent. A program of its own, run by its path.

Files that may be hostile are read here and nowhere else: in a process that has limits, ends with its parent, and knows
no key, no address and nothing of ours. Only what was decoded is written again: no tag, chapter, place, cover, subtitle
or private data of a device has a way through.

usage: converting.py FORMAT (audio|film) MOST_SECONDS SOURCE TARGET. Prints {"seconds": …, "problem": "…"}.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.filter import Graph
from av.video.frame import VideoFrame

RATE = 48_000
SOUND_BITS = 32_000
FRAME_SAMPLES = 960
FILM_BITS = 400_000
FILM_RATE = 15
LONGEST_SIDE = 640
LEAST_SIDE = 16
MOST_PIXELS = 9_000_000
MOST_BAD_PACKETS = 200
MOST_FRAMES_A_SECOND = 130  # what the fastest telephones film, and a little
CPU_SECONDS = {"audio": 300, "film": 1200}
MEMORY_BYTES = 2_000_000_000
FILE_BYTES = 100_000_000
PR_SET_PDEATHSIG = 1
MILLISECONDS = 1000


class Unusable(Exception):
    """What is wrong with the file; a code that the caller has words for."""


class Sound:
    """Decoded sound on its way to Opus: one channel, 48 kHz."""

    def __init__(self, target: Any, most_seconds: float) -> None:
        self.stream = target.add_stream("libopus", rate=RATE)
        self.stream.layout, self.stream.bit_rate = "mono", SOUND_BITS
        self.target, self.most_seconds = target, most_seconds
        self.samples, self.offset = 0, -1
        self._resampler: Any = None
        self._form: tuple[str, str, int] | None = None

    @property
    def seconds(self) -> float:
        """How much has been written."""
        return self.samples / RATE

    def take(self, frame: AudioFrame, begun: float) -> None:
        """Write what one frame holds. begun: when the recording begins, on the file's clock."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            self.flush()
            self._form = form
            self._resampler = av.AudioResampler("flt", "mono", RATE, FRAME_SAMPLES)
        if self.offset < 0:
            self.offset = round(min(max((frame.time or 0) - begun, 0), self.most_seconds) * RATE)
        frame.pts = None
        self._write(self._resampler.resample(frame))

    def flush(self) -> None:
        """Write what the resampler still holds."""
        if self._resampler is not None:
            self._write(self._resampler.resample(None))

    def end(self) -> None:
        """Write the last of it."""
        self.flush()
        self.target.mux(self.stream.encode(None))

    def _write(self, frames: list[AudioFrame]) -> None:
        for made in frames:
            made.pts, made.time_base = self.offset + self.samples, Fraction(1, RATE)
            self.samples += made.samples
            if self.seconds > self.most_seconds:
                raise Unusable("too_long")
            self.target.mux(self.stream.encode(made))


class Film:
    """Decoded pictures on their way to VP9: small, few a second, upright."""

    def __init__(self, target: Any, most_seconds: float, first: VideoFrame) -> None:
        _check_size(first)
        sides = (first.height, first.width) if _turns(first) % 2 else (first.width, first.height)
        scale = min(1.0, LONGEST_SIDE / max(sides))
        self.stream = target.add_stream("libvpx-vp9", rate=FILM_RATE)
        self.stream.width, self.stream.height = (max(round(side * scale / 2) * 2, 2) for side in sides)
        self.stream.pix_fmt, self.stream.bit_rate = "yuv420p", FILM_BITS
        self.stream.time_base = Fraction(1, MILLISECONDS)
        self.stream.options = {"deadline": "realtime", "cpu-used": "8", "row-mt": "1"}
        self.target, self.most_seconds = target, most_seconds
        self.seconds, self.seen, self.frames = -1.0, 0, 0
        self._form: tuple[str, int, int, int] | None = None
        self._graph: Graph | None = None

    def take(self, frame: VideoFrame, begun: float) -> None:
        """Write one picture, unless the one before it is too near."""
        self.seen += 1
        at = (frame.time - begun) if frame.time is not None else self.seconds + 1 / FILM_RATE
        if at > self.most_seconds or self.seen > self.most_seconds * MOST_FRAMES_A_SECOND:
            raise Unusable("too_long")
        if self.frames and at < self.seconds + 1 / FILM_RATE - 0.002:
            return
        made = self._small(frame)
        self.seconds = max(at, 0.0)
        made.pts, made.time_base = round(self.seconds * MILLISECONDS), Fraction(1, MILLISECONDS)
        self.frames += 1
        self.target.mux(self.stream.encode(made))

    def end(self) -> None:
        """Write the last of it."""
        if self.frames:
            self.target.mux(self.stream.encode(None))

    def _small(self, frame: VideoFrame) -> VideoFrame:
        form = (frame.format.name, frame.width, frame.height, frame.rotation)
        if form != self._form or self._graph is None:
            self._form, self._graph = form, self._way_of(frame)
        self._graph.push(frame)
        made: VideoFrame = self._graph.pull()  # type: ignore[assignment]
        return made

    def _way_of(self, frame: VideoFrame) -> Graph:
        _check_size(frame)
        graph = Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, MILLISECONDS)
        )
        parts = [source, *(graph.add("transpose", "clock") for _ in range(_turns(frame)))]
        parts.append(graph.add("scale", f"{self.stream.width}:{self.stream.height}"))
        parts.append(graph.add("format", "yuv420p"))
        parts.append(graph.add("buffersink"))
        for before, after in pairwise(parts):
            before.link_to(after)
        graph.configure()
        return graph


def _check_size(frame: VideoFrame) -> None:
    if frame.width * frame.height > MOST_PIXELS or min(frame.width, frame.height) < LEAST_SIDE:
        raise Unusable("bad_size")


def _turns(frame: VideoFrame) -> int:
    """How often a picture is turned by a quarter, clockwise, to stand upright."""
    return round(-frame.rotation / 90) % 4


def convert(form: str, kind: str, most_seconds: float, source: Path, target: Path) -> int:
    """Write the target and say how many seconds it has. Raises Unusable."""
    first = _first_of(form, source) if kind == "film" else None
    with source.open("rb") as file, av.open(file, format=form) as opened:
        sound = next(iter(opened.streams.audio), None)
        film = _film_of(opened) if first else None
        if kind == "audio" and sound is None:
            raise Unusable("no_sound")
        with av.open(str(target), "w", format="webm" if film else "ogg") as made:
            pictures = Film(made, most_seconds, first) if first else None
            heard = Sound(made, most_seconds) if sound else None
            _write(opened, (pictures, heard), [each for each in (sound, film) if each])
            return max(1, round(max(each.seconds for each in (pictures, heard) if each)))


def _first_of(form: str, source: Path) -> VideoFrame:
    """The first picture of a film: the size of the new one is fixed before anything is written."""
    with source.open("rb") as file, av.open(file, format=form) as opened:
        film = _film_of(opened)
        if film is None:
            raise Unusable("no_film")
        if film.codec_context.width * film.codec_context.height > MOST_PIXELS:
            raise Unusable("bad_size")
        for frame in _frames(opened, [film]):
            if isinstance(frame, VideoFrame):
                return frame
    raise Unusable("damaged")


def _write(opened: Any, ways: tuple[Film | None, Sound | None], streams: list[Any]) -> None:
    pictures, heard = ways
    begun = (opened.start_time or 0) / av.time_base
    for frame in _frames(opened, streams):
        if isinstance(frame, VideoFrame) and pictures:
            pictures.take(frame, begun)
        elif isinstance(frame, AudioFrame) and heard:
            heard.take(frame, begun)
    if not (pictures.frames if pictures else heard and heard.samples):
        raise Unusable("damaged")
    if pictures:
        pictures.end()
    if heard and heard.samples:
        heard.end()


def _film_of(opened: Any) -> Any:
    """The first stream that moves: a cover is a picture too."""
    cover = av.stream.Disposition.attached_pic
    return next((each for each in opened.streams.video if not each.disposition & cover), None)


def _frames(opened: Any, streams: list[Any]) -> Iterator[VideoFrame | AudioFrame]:
    """What can be decoded; a few spoilt packets are passed over, as players do."""
    for each in streams:
        each.thread_type = "NONE"
        each.codec_context.thread_count = 1
        each.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    bad = 0
    for packet in opened.demux(streams):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            bad += 1
            if bad > MOST_BAD_PACKETS:
                raise Unusable("damaged") from None


def _bounded(kind: str) -> None:
    """Limits that this process cannot lift again, and an end that comes with its parent's."""
    seconds = CPU_SECONDS[kind]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(form: str, kind: str, most_seconds: str, source: str, target: str) -> None:
    """Convert, and say what came of it."""
    _bounded(kind)
    # Messages into Python from a thread of the decoder would wait for the very thread that waits for it.
    av.logging.restore_default_callback()
    seconds, problem = 0, ""
    try:
        seconds = convert(form, kind, float(most_seconds), Path(source), Path(target))
    except Unusable as error:
        problem = str(error)
    except (av.error.FFmpegError, ValueError, MemoryError, OverflowError, EOFError):
        problem = "damaged"
    sys.stdout.write(json.dumps({"seconds": seconds, "problem": problem}))


if __name__ == "__main__":
    main(*sys.argv[1:])
