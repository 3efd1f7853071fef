"""The proof: a search for shoppers with everybody's eyes, its table, and the runs there were.

Who reads reports sees it; an administrator of the company, or the provider's operator, starts it. It opens names for
the memory of the run alone, and that they were opened is on record: it is not for everybody to set off.
"""

from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.accounts.domain import ROLE_WORDS, AccountRole
from survey.affiliates import service as affiliates
from survey.web import (
    Page,
    Request,
    flash,
    get_page,
    is_partial,
    keyset_of,
    now_of,
    post_form,
    provider,
    redirect,
    render,
    scope_of,
    staff,
)

from ..domain.proof import EYE_SHORT, EYE_WORDS, KIND_WORDS, Eye, EyeState, Run, flaws, grid
from ..service import proving, twins

READERS = ("affiliate_admin", "manager", "editor")
STARTERS = ("affiliate_admin",)
PROOF = "/promises/proof"
OF_A_COMPANY = "/provider/{affiliate_id:uuid}/proof"
STARTED = "The search has begun. It takes less than a minute."
UNDER_WAY = "A search is under way already: there is one at a time."


@get_page(PROOF, staff(*READERS))
async def proof_page(request: Request) -> Page:
    """The newest run of one's own company, and those before it."""
    scope = scope_of(request)
    return await _newest(request, scope.affiliate_id, PROOF, twins=await twins.examples(scope), company="")


@post_form(PROOF, staff(*STARTERS))
async def ask(request: Request) -> Page:
    """Start a run over one's own company's shoppers."""
    return await _asked(request, scope_of(request).affiliate_id, PROOF)


@get_page(f"{PROOF}/{{run_id:uuid}}", staff(*READERS))
async def run_page(request: Request, run_id: FromPath[UUID]) -> Page:
    """One run of one's own company."""
    return await _one(request, (scope_of(request).affiliate_id, run_id), PROOF, "")


@get_page(OF_A_COMPANY, provider())
async def proof_page_of(request: Request, affiliate_id: FromPath[UUID]) -> Page:
    """The newest run of a company, for whoever runs the platform: kinds and counts, none of its people."""
    company = (await affiliates.affiliate_in(affiliate_id)).name
    return await _newest(request, affiliate_id, f"/provider/{affiliate_id}/proof", twins=(), company=company)


@post_form(OF_A_COMPANY, provider())
async def ask_as_provider(request: Request, affiliate_id: FromPath[UUID]) -> Page:
    """Start a run over a company's shoppers."""
    await affiliates.affiliate_in(affiliate_id)
    return await _asked(request, affiliate_id, f"/provider/{affiliate_id}/proof")


@get_page(f"{OF_A_COMPANY}/{{run_id:uuid}}", provider())
async def run_page_of(request: Request, affiliate_id: FromPath[UUID], run_id: FromPath[UUID]) -> Page:
    """One run of a company."""
    company = (await affiliates.affiliate_in(affiliate_id)).name
    return await _one(request, (affiliate_id, run_id), f"/provider/{affiliate_id}/proof", company)


async def _asked(request: Request, affiliate_id: UUID, where: str) -> Page:
    is_new = await proving.ask_for(scope_of(request), affiliate_id, now_of(request))
    flash(request, *(("good", STARTED) if is_new else ("attention", UNDER_WAY)))
    return redirect(where)


async def _newest(request: Request, affiliate_id: UUID, base: str, **context: Any) -> Page:
    page = await proving.runs_of(affiliate_id, keyset_of(request))
    newest_id = await proving.newest_of(affiliate_id)
    shown = await _shown(request, (affiliate_id, newest_id)) if newest_id else {"run": None}
    if newest_id and is_partial(request):
        return render(request, "promises/_run.html", here=base, is_starter=_may_start(request), **shown)
    return render(
        request, "promises/proof.html", base=base, here=base, history=[(run, _role_words(run)) for run in page.rows],
        next_cursor=page.next_cursor, is_first="after" not in request.query_params, is_starter=_may_start(request),
        **shown, **context,
    )  # fmt: skip


async def _one(request: Request, ids: tuple[UUID, UUID], base: str, company: str) -> Page:
    shown = await _shown(request, ids)
    here = f"{base}/{ids[1]}"
    template = "promises/_run.html" if is_partial(request) else "promises/run.html"
    return render(request, template, base=base, here=here, company=company, is_starter=False, **shown)


async def _shown(request: Request, ids: tuple[UUID, UUID]) -> dict[str, Any]:
    run, seen, hits = await proving.run_in(*ids)
    is_over = not run.is_under_way
    return {
        "run": run, "seen": seen, "rows": grid(seen, hits, run.tokens, is_over=is_over), "by": _role_words(run),
        "eye_words": EYE_WORDS, "eye_short": EYE_SHORT, "kind_words": KIND_WORDS,
        "is_lost": run.is_lost(now_of(request)),
        "control": [hit for hit in hits if hit.eye is Eye.CONTROL],
        "breaches": [hit for hit in hits if hit.eye is not Eye.CONTROL],
        "flaws": flaws(seen, hits, run.tokens) if is_over else [],
        "left_out": [EYE_WORDS[one.eye] for one in seen if one.state is EyeState.LEFT_OUT],
        "eyes_done": sum(one.state is EyeState.DONE for one in seen),
    }  # fmt: skip


def _role_words(run: Run) -> str:
    if run.asked_role == proving.SYSTEM:
        return "the clock"
    return ROLE_WORDS[AccountRole(run.asked_role)].lower()


def _may_start(request: Request) -> bool:
    return scope_of(request).role in (*STARTERS, AccountRole.PROVIDER)
