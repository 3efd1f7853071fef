"""The page on which the affiliate sees what was behind appeals. No client and no shopper reads it."""

from survey.web import Page, Request, download, get_page, now_of, render, scope_of, settings_of, staff

from .. import forms, service
from ..domain import CLASSES, COUNTED, counts_csv, most_percent
from .staff import EDITORS

LOOK = "that a colleague's name was read is recorded"


@get_page("/appeals/errors", staff(*EDITORS), writes=LOOK)
async def error_page(request: Request) -> Page:
    """Errors by month, by editor and by question; an editor sees the own."""
    period, kind = forms.counted_in(request.query_params, now_of(request).date())
    counted = await service.count_errors(scope_of(request), settings_of(request), period, kind, now_of(request))
    return render(
        request, "appeals/errors.html", counted=counted, period=period, kind=kind,
        kinds=[(each, CLASSES[each]) for each in COUNTED], highest=most_percent(counted.months),
        query=f"kind={kind}&from={period.first}&to={period.last}",
    )  # fmt: skip


@get_page("/appeals/errors/file", staff(*EDITORS), writes=LOOK)
async def error_file(request: Request) -> Page:
    """The same as CSV."""
    period, kind = forms.counted_in(request.query_params, now_of(request).date())
    counted = await service.count_errors(scope_of(request), settings_of(request), period, kind, now_of(request))
    parts = (("month", counted.months), ("editor", counted.editors), ("question", counted.questions))
    name = f"errors-{period.first}-{period.last}.csv"
    return download(counts_csv(parts), name, "text/csv; charset=utf-8")
