"""The job board: what there is to do, as a list or with a map beside it."""

from survey.clients.domain import Chart, Point, projected, projected_from
from survey.shoppers.domain import KM_PER_MILE, Units, distances, nearest_choice
from survey.shops.campaigns.domain import DAYPART_WORDS
from survey.shops.visits.domain import money
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    shopper,
)

from .. import forms, service
from ..domain import EVERY_WORDS, SORT_WORDS, Board, Every, Listed, Sort

OWN = shopper()
BOARD = "/shopper/board"
SAID = {
    Every.DAY: "You hear of new shops for you, at most once a day.",
    Every.WEEK: "You hear of new shops for you once a week, as a rule on Mondays.",
}


@get_page(BOARD, OWN)
async def board_page(request: Request) -> Page:
    """Shops for this shopper, and on request those that are not, each with why."""
    wanted = forms.filter_of(request.query_params)
    after = request.query_params.get("after")
    board, home = await service.listing.board(scope_of(request), wanted, after, now_of(request))
    is_placed, news = home.point is not None, await service.news.own_wish(scope_of(request))
    here = None if wanted.box else home.point
    return render(
        request, "board/board.html", board=board, wanted=wanted, is_placed=is_placed, money=money, is_first=not after,
        chart=_chart(board, here) if wanted.is_map else None, sorts=_sorts(is_placed), dayparts=DAYPART_WORDS,
        distances=distances(home.units), today=now_of(request).date(),
        wants_news=news.is_wanted, miles_km=KM_PER_MILE if home.units is Units.MILES else None,
    )  # fmt: skip


@get_page(f"{BOARD}/news", OWN)
async def news_page(request: Request) -> Page:
    """Whether to hear of new shops by mail, of which, and how often."""
    wish = await service.news.own_wish(scope_of(request))
    return await _news_page(request, form_with(forms.shown_wish(wish)), wish.is_wanted)


@post_form(f"{BOARD}/news", OWN)
async def save_news(request: Request) -> Page:
    """Ask for such mail, or for none any more; what was chosen of it stays for another time."""
    form, held = await form_of(request), await service.news.own_wish(scope_of(request))
    wish = forms.news_wish(form, held)
    if wish is None:
        return await _news_page(request, form, held.is_wanted, 422)
    await service.news.want_news(scope_of(request), wish, now_of(request))
    flash(request, "good", SAID[wish.every] if wish.is_wanted else "No more such mail.")
    return redirect(BOARD)


async def _news_page(request: Request, form: Form, is_wanted: bool, status: int = 200) -> Page:
    home = await service.listing.home(scope_of(request))
    within = nearest_choice(int(form["within"]), home.units) if form["within"].isdecimal() else ""
    return render(
        request, "board/news.html", status, is_wanted=is_wanted, is_placed=home.point is not None, form=form,
        errors=form.errors, within=within, distances=distances(home.units), rhythms=list(EVERY_WORDS.items()),
    )  # fmt: skip


def _chart(board: Board, here: tuple[float, float] | None) -> Chart | None:
    """The shops on a map, and where one starts from, unless it shows a piece that was chosen."""
    points = [
        Point(
            row.card.latitude, row.card.longitude,
            _label(row),
            f"{BOARD}/{row.card.id}", "" if row.is_open_to_me or row.needs_quiz else "quiet",
            row.card.city or "",
        )
        for row in board.rows
        if row.card.latitude is not None and row.card.longitude is not None
    ]  # fmt: skip
    return projected_from(here, points) if here else projected(points)


def _label(row: Listed) -> str:
    words = f"{row.card.place}, {money(row.card.pay_cents, row.card.currency)}"
    if row.needs_quiz:
        return f"{words}, after a short quiz"
    return words if row.is_open_to_me else f"{words}, not now"


def _sorts(is_placed: bool) -> list[tuple[str, str]]:
    return [(sort.value, words) for sort, words in SORT_WORDS.items() if is_placed or sort is not Sort.NEAREST]


ROUTES = (board_page, news_page, save_news)
