"""Reports as values: what has been released, how it compares, and how each number is written down. Pure."""

from .comparison import Change, change_of
from .exports import FileKind, as_csv, as_xlsx, file_name
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

__all__ = [
    "Answers",
    "Card",
    "Change",
    "Figure",
    "FileKind",
    "Frame",
    "Group",
    "HeatCell",
    "HeatRow",
    "NodeLine",
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
    "Tile",
    "TrendPoint",
    "Wanted",
    "answers_in",
    "as_csv",
    "as_xlsx",
    "change_of",
    "file_name",
    "overview",
    "participants",
    "pickers",
    "places",
    "questions",
]
