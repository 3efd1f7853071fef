"""Which part of a recording a player is sent, and what may answer in the place of a report's pages."""

import pytest

from survey.web.playing import span_of
from survey.web.static import WORKERS, Assets


@pytest.mark.parametrize("wanted", ["", "bytes=", "bytes=-", "items=0-5", "bytes=0-5,10-20", "bytes=" + "9" * 30 + "-"])
def test_what_names_no_single_part_is_answered_with_the_whole(wanted: str) -> None:
    assert span_of(wanted, 100) is None


@pytest.mark.parametrize(
    ("wanted", "span"),
    [("bytes=0-", (0, 100)), ("bytes=10-19", (10, 20)), ("bytes=90-500", (90, 100)), ("bytes=-5", (95, 100)),
     ("bytes=-500", (0, 100)), ("bytes=100-", (100, 100))],
)  # fmt: skip
def test_a_part_ends_where_the_file_does(wanted: str, span: tuple[int, int]) -> None:
    assert span_of(wanted, 100) == span


def test_a_worker_keeps_a_plain_name_and_acts_for_shops_alone() -> None:
    ((path, scope),) = WORKERS.items()
    asset = Assets().found(path)
    assert asset is not None
    assert asset.url != path
    assert scope == b"/shopper/shops/"
