"""The send log: counts, rows without names, a CSV of them, and one address at a time, which is recorded."""

from uuid import UUID

from litestar.params import FromPath

from survey.mail.domain import State
from survey.studies import service as studies
from survey.studies.domain import Message, Study
from survey.web import (
    Page,
    Request,
    get_page,
    keyset_of,
    now_of,
    render,
    scope_of,
    settings_of,
    staff,
    streamed,
)

from .. import queries, service
from ..domain import KIND_WORDS, STATE_WORDS, LogFilter, listed_kinds
from .launching import MANAGERS


@get_page("/studies/{study_id:uuid}/log", staff(*MANAGERS))
async def log_page(request: Request, study_id: FromPath[UUID]) -> Page:
    """Everything that was to be sent."""
    scope = scope_of(request)
    study = await studies.study_in(scope, study_id)
    wanted = _wanted(request, study)
    page = await queries.lines_of(scope, study_id, wanted, keyset_of(request), now_of(request))
    counts = await queries.counts_of(scope, study_id)
    shown = {"study": study, "wanted": wanted, "rows": page.rows, "next_cursor": page.next_cursor, "counts": counts}
    return render(request, "invitations/log.html", **shown, **_choices(study))


@get_page("/studies/{study_id:uuid}/log.csv", staff(*MANAGERS), streams="rows straight from a cursor")
async def log_csv(request: Request, study_id: FromPath[UUID]) -> Page:
    """The same rows as a file, without an address."""
    scope = scope_of(request)
    study = await studies.study_in(scope, study_id)
    chunks = service.csv_of(scope, study, _wanted(request, study), now_of(request))
    return streamed(chunks, "send-log.csv", "text/csv; charset=utf-8")


@get_page(
    "/studies/{study_id:uuid}/log/{delivery_id:uuid}",
    staff(*MANAGERS),
    writes="opening an address is recorded",
)
async def address_page(request: Request, study_id: FromPath[UUID], delivery_id: FromPath[UUID]) -> Page:
    """Whose message it was."""
    scope = scope_of(request)
    study = await studies.study_in(scope, study_id)
    address = await service.open_address(scope, settings_of(request), study_id, delivery_id, now_of(request))
    name = delivery_id.hex[:8]
    return render(request, "invitations/address.html", study=study, address=address, pseudonym=name)


def _wanted(request: Request, study: Study) -> LogFilter:
    asked = request.query_params
    kinds = listed_kinds(is_identified=study.is_identified)
    kind = Message(asked["kind"]) if asked.get("kind") in kinds else Message.INVITATION
    return LogFilter(kind, State(asked["state"]) if asked.get("state") in set(State) else None)


def _choices(study: Study) -> dict[str, object]:
    kinds = listed_kinds(is_identified=study.is_identified)
    return {
        "kinds": [(kind.value, KIND_WORDS[kind]) for kind in kinds if kind in study.messages],
        "states": [(state.value, words) for state, words in STATE_WORDS.items()],
    }
