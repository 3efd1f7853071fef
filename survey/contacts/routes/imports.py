"""The steps of an import: file, columns, source, what would happen, and what has happened."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.contacts import forms, queries, service
from survey.contacts.domain import (
    DELIMITERS,
    ENCODINGS,
    LANGUAGES,
    LARGEST_FILE_BYTES,
    Field,
    Import,
    ImportStatus,
    Unreadable,
    problems_in,
)
from survey.web import (
    Form,
    Page,
    Request,
    download,
    flash,
    form_of,
    form_with,
    get_page,
    is_partial,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

MANAGERS = ("affiliate_admin", "manager")
OVERHEAD_BYTES = 100_000
CSV = "text/csv; charset=utf-8"


@get_page("/clients/{client_id:uuid}/imports", staff(*MANAGERS))
async def import_history(request: Request, client_id: FromPath[UUID]) -> Page:
    """Every list of a client, with who brought it and where it came from."""
    client = await clients.client_in(scope_of(request), client_id)
    page = await queries.imports_of(scope_of(request), client_id, keyset_of(request))
    return render(request, "contacts/imports.html", client=client, rows=page.rows, next_cursor=page.next_cursor)


@get_page("/clients/{client_id:uuid}/imports/new", staff(*MANAGERS))
async def upload_page(request: Request, client_id: FromPath[UUID]) -> Page:
    """Choose a file."""
    client = await clients.client_in(scope_of(request), client_id)
    return render(request, "contacts/upload.html", client=client, errors={})


@post_form(
    "/clients/{client_id:uuid}/imports/new",
    staff(*MANAGERS),
    takes_files=True,
    limit_bytes=LARGEST_FILE_BYTES + OVERHEAD_BYTES,
)
async def take_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """Take a file in, if it is a list."""
    form, scope = await form_of(request), scope_of(request)
    client = await clients.client_in(scope, client_id)
    safe = service.safe_of(request.app.state.settings)
    try:
        import_id = await service.receive(scope, safe, client.id, _uploaded(form), now_of(request))
    except Unreadable as error:
        form.refuse("list", error.message)
        return render(request, "contacts/upload.html", 422, client=client, errors=form.errors)
    return redirect(f"/imports/{import_id}/columns")


@get_page("/imports/{import_id:uuid}", staff(*MANAGERS), writes="a look at the report is recorded")
async def import_page(request: Request, import_id: FromPath[UUID]) -> Page:
    """Where an import stands; a part of the page while a job is at work and asks for it."""
    entry = await queries.import_in(scope_of(request), import_id)
    if is_partial(request):
        page = render(request, "contacts/_progress.html", entry=entry)
        return page if entry.status.is_running else page.with_header("hx-redirect", f"/imports/{import_id}")
    if entry.status.is_running:
        return render(request, "contacts/progress.html", entry=entry)
    if entry.status is ImportStatus.UPLOADED:
        return redirect(f"/imports/{import_id}/columns")
    return await _outcome(request, entry)


@get_page("/imports/{import_id:uuid}/columns", staff(*MANAGERS), writes="a look at people's rows is recorded")
async def columns_page(request: Request, import_id: FromPath[UUID]) -> Page:
    """Say what each column holds, beside the first people of the list."""
    entry = await queries.import_in(scope_of(request), import_id)
    if entry.status not in service.BEFORE_IMPORT:
        return redirect(f"/imports/{import_id}")
    return await _columns(request, entry, form_with({}))


@post_form("/imports/{import_id:uuid}/columns", staff(*MANAGERS))
async def change_columns(request: Request, import_id: FromPath[UUID]) -> Page:
    """Read the list as chosen: shown again, or on to the next step."""
    form, scope = await form_of(request), scope_of(request)
    entry = await queries.import_in(scope, import_id)
    safe, shape = service.safe_of(request.app.state.settings), forms.shape_in(form, entry.shape)
    if shape != entry.shape:
        mapping = await service.guessed_again(scope, safe, entry, shape)
        await service.choose_columns(scope, import_id, shape, mapping, now_of(request))
        return redirect(f"/imports/{import_id}/columns")
    first = await service.first_rows(scope, safe, entry, now_of(request))
    mapping = forms.mapping_in(form, first.width, first.refused)
    if not form.is_valid:
        return await _columns(request, entry, form, 422)
    await service.choose_columns(scope, import_id, shape, mapping, now_of(request))
    return redirect(f"/imports/{import_id}/{'columns' if form['act'] == 'show' else 'source'}")


@get_page("/imports/{import_id:uuid}/source", staff(*MANAGERS))
async def source_page(request: Request, import_id: FromPath[UUID]) -> Page:
    """Say where the list comes from."""
    entry = await queries.import_in(scope_of(request), import_id)
    if entry.status not in service.BEFORE_IMPORT or not entry.mapping.has_address:
        return redirect(f"/imports/{import_id}")
    values = {"source": entry.source, "legal_basis": entry.legal_basis.value if entry.legal_basis else ""}
    return _source(request, entry, form_with(dict(values)))


@post_form("/imports/{import_id:uuid}/source", staff(*MANAGERS))
async def state_source(request: Request, import_id: FromPath[UUID]) -> Page:
    """Attest the source, and have the list looked through."""
    form, scope = await form_of(request), scope_of(request)
    entry = await queries.import_in(scope, import_id)
    evidence = forms.evidence_in(form)
    if not form.is_valid:
        return _source(request, entry, form, 422)
    await service.attest(scope, import_id, evidence, now_of(request))
    return redirect(f"/imports/{import_id}")


@post_form("/imports/{import_id:uuid}/begin", staff(*MANAGERS))
async def begin_import(request: Request, import_id: FromPath[UUID]) -> Page:
    """Bring the people in."""
    form = await form_of(request)
    try:
        await service.begin_import(scope_of(request), import_id, form["version"], now_of(request))
    except service.OutOfDate:
        flash(request, "attention", "The columns were changed in another window, so look at the list again first.")
    except service.AnotherList:
        flash(request, "attention", "Another list of this client is coming in. Start this one when that is done.")
    return redirect(f"/imports/{import_id}")


@post_form("/imports/{import_id:uuid}/cancel", staff(*MANAGERS))
async def cancel_import(request: Request, import_id: FromPath[UUID]) -> Page:
    """Stop an import and remove its file."""
    await service.cancel(scope_of(request), import_id, now_of(request))
    return redirect(f"/imports/{import_id}")


@get_page("/imports/{import_id:uuid}/problems", staff(*MANAGERS), writes="a look at the report is recorded")
async def problems_file(request: Request, import_id: FromPath[UUID]) -> Page:
    """The report of rows as a file."""
    entry = await queries.import_in(scope_of(request), import_id)
    safe = service.safe_of(request.app.state.settings)
    report = await service.report_of(scope_of(request), safe, entry, now_of(request))
    return download(report, "problems.csv", CSV)


def _uploaded(form: Form) -> service.Upload:
    sent = form.files.get("list")
    if sent is None:
        raise Unreadable("Choose the file that holds the list.")
    return service.Upload(sent.path, sent.filename)


async def _columns(request: Request, entry: Import, form: Form, status: int = 200) -> Page:
    scope, safe = scope_of(request), service.safe_of(request.app.state.settings)
    encodings = ENCODINGS if entry.shape.encoding in ENCODINGS else {entry.shape.encoding: "Unicode"} | ENCODINGS
    return render(
        request, "contacts/columns.html", status, entry=entry, form=form, errors=form.errors,
        first=await service.first_rows(scope, safe, entry, now_of(request)),
        before=await queries.same_file_in(scope, entry.client_id, entry.file_digest),
        fields=[(field.value, words) for field, words in forms.FIELD_WORDS.items()],
        encodings=list(encodings.items()), delimiters=[(name, name.capitalize()) for name in DELIMITERS.values()],
        delimiter=DELIMITERS.get(entry.shape.delimiter, ""), languages=list(LANGUAGES.items()),
        has_dates=Field.VISIT_DATE in entry.mapping.columns.values(),
    )  # fmt: skip


def _source(request: Request, entry: Import, form: Form, status: int = 200) -> Page:
    bases = [(basis.value, words) for basis, words in forms.BASIS_WORDS.items()]
    return render(request, "contacts/source.html", status, entry=entry, form=form, errors=form.errors, bases=bases)


async def _outcome(request: Request, entry: Import) -> Page:
    scope, safe = scope_of(request), service.safe_of(request.app.state.settings)
    report = await service.report_of(scope, safe, entry, now_of(request)) if entry.report_key else b""
    name = "contacts/checked.html" if entry.status is ImportStatus.CHECKED else "contacts/over.html"
    return render(request, name, entry=entry, problems=problems_in(report), bases=forms.BASIS_WORDS)
