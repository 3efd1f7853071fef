"""Every job that somebody asks for has a handler, and every handler has somebody who asks for it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey import worker
from survey.queue import jobs_of

PRODUCT = Path(__file__).parents[2] / "survey"
QUEUE = "survey.queue"


class Unreadable(AssertionError):
    """A job is asked for by a name that cannot be read from the source."""


def asked_for(source: str) -> Iterator[str]:
    """The names of the jobs that a module asks for. Raises Unreadable where one is not written out."""
    tree = ast.parse(source)
    functions, modules = set(_functions(tree)), set(_modules(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_enqueue(node.func, functions, modules):
            yield _name_in(node)


def _functions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in (QUEUE, f"{QUEUE}.service"):
            yield from (name.asname or name.name for name in node.names if name.name == "enqueue")


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "survey":
            yield from (name.asname or name.name for name in node.names if name.name == "queue")
        if isinstance(node, ast.Import):
            yield from (name.asname or name.name for name in node.names if name.name == QUEUE)


def _is_enqueue(function: ast.expr, functions: set[str], modules: set[str]) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "enqueue" and ast.unparse(function.value) in modules
    return isinstance(function, ast.Name) and function.id in functions


def _name_in(call: ast.Call) -> str:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "name"]
    written = next(iter([*call.args[1:2], *named]), None)
    if not isinstance(written, ast.Constant) or not isinstance(written.value, str):
        raise Unreadable(f"write the job's name out: {ast.unparse(call)}")
    return written.value


def _asked_by_the_product() -> set[str]:
    return {name for path in PRODUCT.rglob("*.py") for name in asked_for(path.read_text())}


def test_a_name_that_is_not_written_out_is_refused() -> None:
    with pytest.raises(Unreadable):
        list(asked_for("from survey.queue import enqueue\nasync def f(c, n): await enqueue(c, n, {})"))


@pytest.mark.parametrize(
    "source",
    [
        "from survey.queue import enqueue\nasync def f(c): await enqueue(c, 'area.work', {})",
        "from survey import queue\nasync def f(c): await queue.enqueue(c, 'area.work', {})",
        "import survey.queue\nasync def f(c): await survey.queue.enqueue(c, name='area.work', payload={})",
    ],
)
def test_every_way_of_asking_is_seen(source: str) -> None:
    assert list(asked_for(source)) == ["area.work"]


def test_every_job_that_is_asked_for_has_a_handler() -> None:
    assert _asked_by_the_product() - set(jobs_of(worker.JOBS)) == set()


def test_every_handler_is_asked_for_by_somebody_or_by_the_clock() -> None:
    unscheduled = {job.name for job in jobs_of(worker.JOBS).values() if not job.schedule}
    assert unscheduled - _asked_by_the_product() == set()


def test_the_worker_knows_the_jobs_of_every_area() -> None:
    modules = {".".join(path.relative_to(PRODUCT.parent).with_suffix("").parts) for path in PRODUCT.rglob("jobs.py")}
    assert modules - {module.__name__ for module in worker.JOBS} == set()


def test_a_job_is_named_after_its_area() -> None:
    strangers = [
        job.name
        for module in worker.JOBS
        for job in jobs_of([module]).values()
        if _area(module.__name__) != job.name.split(".")[0]
    ]
    assert strangers == []


def _area(module: str) -> str:
    """The package that the jobs stand in: an area, or a part of one ("survey.shops.visits.jobs": visits)."""
    return module.split(".")[-2]
