"""A shopper's pages of one shop: what it is, the report in pages, proofs, and the last look before it is sent."""

from .attempt import keep_attempt, show_attempt
from .check import hand_in, show_check, show_report
from .evidence import add_picture, remove_picture, show_evidence, show_picture
from .recordings import add_recording, hear_recording, remove_recording, show_recording, show_recordings
from .sections import keep_section, show_section
from .shop import show_guideline, show_shop, start
from .visit import keep_visit, show_visit

ROUTES = (
    show_shop,
    start,
    show_guideline,
    show_section,
    keep_section,
    show_visit,
    keep_visit,
    show_evidence,
    add_picture,
    show_picture,
    remove_picture,
    show_recordings,
    add_recording,
    show_recording,
    hear_recording,
    remove_recording,
    show_attempt,
    keep_attempt,
    show_report,
    show_check,
    hand_in,
)
