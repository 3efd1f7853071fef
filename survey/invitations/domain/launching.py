"""What comes of pressing the button."""

from dataclasses import dataclass

from survey.studies.domain import Gap


@dataclass(frozen=True, slots=True)
class Launched:
    """How many are asked and how many were passed over. is_new: False where the study was in the field already."""

    queued: int
    passed_over: int
    is_new: bool


class NotReady(Exception):
    """The study cannot be launched; `gaps` says what is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__("the study is not ready to be launched")
        self.gaps = gaps
