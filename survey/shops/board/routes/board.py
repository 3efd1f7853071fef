"""The job board: what there is to do, as a list or with a map beside it."""

from survey.clients.domain import Chart, Point, projected
from survey.shops.campaigns.domain import DAYPART_WORDS
from survey.shops.visits.domain import money
from survey.web import Page, Request, flash, form_of, get_page, now_of, post_form, redirect, render, scope_of, shopper

from .. import forms, service
from ..domain import DISTANCES_KM, SORT_WORDS, Board, Listed, Sort

OWN = shopper()
BOARD = "/shopper/board"


@get_page(BOARD, OWN)
async def board_page(request: Request) -> Page:
    """Shops for this shopper, and on request those that are not, each with why."""
    wanted = forms.filter_of(request.query_params)
    after = request.query_params.get("after")
    board, is_placed = await service.listing.board(scope_of(request), wanted, after, now_of(request))
    return render(
        request, "board/board.html", board=board, wanted=wanted, is_placed=is_placed, money=money, is_first=not after,
        chart=_chart(board) if wanted.is_map else None, sorts=_sorts(is_placed), dayparts=DAYPART_WORDS,
        distances=[(km, f"Within {km} km") for km in DISTANCES_KM], today=now_of(request).date(),
        wants_news=await service.news.wants_news(scope_of(request)),
    )  # fmt: skip


@get_page(f"{BOARD}/news", OWN)
async def news_page(request: Request) -> Page:
    """Whether to hear of new shops by mail."""
    scope = scope_of(request)
    is_wanted, is_placed = await service.news.wants_news(scope), await service.news.is_placed(scope)
    return render(request, "board/news.html", is_wanted=is_wanted, is_placed=is_placed)


@post_form(f"{BOARD}/news", OWN)
async def save_news(request: Request) -> Page:
    """Ask for such mail, or for none any more."""
    is_wanted = (await form_of(request))["news"] == "yes"
    await service.news.want_news(scope_of(request), is_wanted, now_of(request))
    flash(request, "good", "You hear of new shops near you, at most once a day." if is_wanted else "No more such mail.")
    return redirect(BOARD)


def _chart(board: Board) -> Chart | None:
    points = [
        Point(
            row.card.latitude, row.card.longitude,
            _label(row),
            f"{BOARD}/{row.card.id}", "" if row.is_open_to_me else "quiet",
        )
        for row in board.rows
        if row.card.latitude is not None and row.card.longitude is not None
    ]  # fmt: skip
    return projected(points)


def _label(row: Listed) -> str:
    words = f"{row.card.place}, {money(row.card.pay_cents, row.card.currency)}"
    return words if row.is_open_to_me else f"{words}, not now"


def _sorts(is_placed: bool) -> list[tuple[str, str]]:
    return [(sort.value, words) for sort, words in SORT_WORDS.items() if is_placed or sort is not Sort.NEAREST]


ROUTES = (board_page, news_page, save_news)
