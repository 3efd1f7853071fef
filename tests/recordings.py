"""Sound and film as files, made here: with everything in them that a device writes beside what is heard and seen."""

import array
import math
from fractions import Fraction
from io import BytesIO
from typing import Any

import av

RATE = 48_000
SAMPLES = 1024
CANARY = "CANARY-7741"
TAGS = {
    "title": f"{CANARY}-title",
    "artist": f"{CANARY}-artist",
    "comment": f"{CANARY}-comment",
    "location": "+53.7965-001.5478/CANARY",
    "creation_time": "2026-11-21T08:15:30.000000Z",
    "com.apple.quicktime.make": f"{CANARY}-SERIAL",
    "encoder": f"{CANARY}-encoder",
}
FORMS = {"mp4": "aac", "ipod": "aac", "ogg": "libopus", "webm": "libopus", "wav": "pcm_s16le", "mp3": "libmp3lame"}


def sound(form: str = "ipod", seconds: float = 1, **options: Any) -> bytes:
    """A tone with tags and chapters. form: a muxer, such as `ipod` (M4A), `ogg`, `webm` or `wav`."""
    written = BytesIO()
    with av.open(written, "w", format=form, options={"movflags": "use_metadata_tags"} if form == "mp4" else {}) as made:
        stream = made.add_stream(FORMS[form], rate=RATE, layout="mono")
        _tagged(made, stream, **options)
        _tone(made, stream, seconds)
    return written.getvalue()


def film(seconds: float = 1, size: tuple[int, int] = (320, 240), rate: int = 10, *, is_silent: bool = False) -> bytes:
    """A film in MP4 with sound, tags, and a mark of its encoder within the pictures' own stream."""
    written = BytesIO()
    with av.open(written, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as made:
        pictures = made.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        heard = None if is_silent else made.add_stream("aac", rate=RATE, layout="mono")
        _tagged(made, pictures)
        for number in range(round(seconds * rate)):
            frame = av.VideoFrame(*size, "yuv420p")
            for plane, value in zip(frame.planes, (40 + number * 3 % 180, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, rate)
            made.mux(pictures.encode(frame))
        made.mux(pictures.encode(None))
        if heard is not None:
            _tone(made, heard, seconds)
    return written.getvalue()


def _tagged(made: Any, stream: Any, **options: Any) -> None:
    made.metadata.update(TAGS | options)
    stream.metadata.update({"handler_name": f"{CANARY}-handler", "title": f"{CANARY}-track"})
    if made.format.name in ("mp4", "ipod", "webm", "ogg"):
        made.set_chapters(
            [
                {
                    "id": 1,
                    "start": 0,
                    "end": 500,
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": f"{CANARY}-chapter"},
                }
            ]
        )


def _tone(made: Any, stream: Any, seconds: float) -> None:
    resampler = av.AudioResampler(stream.format.name if stream.format else "flt", "mono", RATE, stream.frame_size or 0)
    tone = array.array("f", [0.3 * math.sin(n / 17) for n in range(SAMPLES)]).tobytes()
    for number in range(math.ceil(seconds * RATE / SAMPLES)):
        frame = av.AudioFrame("flt", "mono", SAMPLES)
        frame.planes[0].update(tone)
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * SAMPLES, Fraction(1, RATE)
        for each in resampler.resample(frame):
            made.mux(stream.encode(each))
    made.mux(stream.encode(None))
