"""Reports as values: what has been released, how it compares, and how each number is written down. Pure."""

from .comparison import Change, change_of
from .exports import Cover, FileKind, cover_of, csv_of, file_name, xlsx_of
from .facts import (
    Answers,
    NodeLine,
    Option,
    QuestionLine,
    Ranked,
    ReleaseLine,
    TrendPoint,
    answers_in,
)
from .frame import Frame, Pickers, Wanted, pickers
from .overview import Overview, RankedPlace, ScoreLine, Tile, overview
from .participants import Participants, participants
from .places import HeatCell, HeatRow, Places, places
from .questions import Card, Group, Questions, questions
from .sheets import Figure, Sheet
from .signed import (
    CHECK_PATH,
    KEYS_PATH,
    Changed,
    Desk,
    NotACopy,
    Statement,
    Struck,
    UnknownKey,
    read_copy,
    signed_copy,
    written,
)

__all__ = [
    "CHECK_PATH",
    "KEYS_PATH",
    "Answers",
    "Card",
    "Change",
    "Changed",
    "Cover",
    "Desk",
    "Figure",
    "FileKind",
    "Frame",
    "Group",
    "HeatCell",
    "HeatRow",
    "NodeLine",
    "NotACopy",
    "Option",
    "Overview",
    "Participants",
    "Pickers",
    "Places",
    "QuestionLine",
    "Questions",
    "Ranked",
    "RankedPlace",
    "ReleaseLine",
    "ScoreLine",
    "Sheet",
    "Statement",
    "Struck",
    "Tile",
    "TrendPoint",
    "UnknownKey",
    "Wanted",
    "answers_in",
    "change_of",
    "cover_of",
    "csv_of",
    "file_name",
    "overview",
    "participants",
    "pickers",
    "places",
    "questions",
    "read_copy",
    "signed_copy",
    "written",
    "xlsx_of",
]
