"""Every column about a person names the job that removes what is too old, and that job looks after its table."""

from collections.abc import Iterator

import pytest

from privacy.inventory import MappedColumn, Personal, Retention, data_map
from survey import worker
from survey.promises.inventory import every_table
from survey.queue import Job, jobs_of
from survey.sweeps import queries, service

# What nothing removes yet. A name may leave this list, and none may join it.
UNSWEPT = frozenset({
    "audit", "consent", "subject key",
})  # fmt: skip
OF_THE_SWEEPS = "sweeps.run"


def _personal() -> Iterator[tuple[MappedColumn, Retention]]:
    for column in data_map(every_table()):
        if isinstance(column.declaration, Personal) and column.declaration.retention.days is not None:
            yield column, column.declaration.retention


PERSONAL = sorted(_personal(), key=lambda each: each[0].place)


@pytest.fixture(scope="module")
def crons() -> dict[str, Job]:
    """The jobs that the clock asks for."""
    return {name: job for name, job in jobs_of(worker.JOBS).items() if job.schedule}


@pytest.mark.parametrize(("column", "retention"), PERSONAL, ids=[column.place for column, _ in PERSONAL])
def test_a_column_about_a_person_names_a_job_that_the_clock_asks_for(
    column: MappedColumn, retention: Retention, crons: dict[str, Job]
) -> None:
    if retention.name in UNSWEPT:
        assert not retention.sweep, f"{retention.name} is swept now: strike it from the list"
        return
    assert retention.sweep in crons, f"{column.place} is kept for {retention.days} days, and nothing removes it"


def test_what_nothing_removes_is_still_declared() -> None:
    assert {retention.name for _, retention in PERSONAL} >= UNSWEPT


def test_the_nightly_sweep_looks_after_every_table_that_relies_on_it() -> None:
    looked_after = {
        (each.name, table) for sweep in service.SWEEPS for each in sweep.retentions for table in sweep.tables
    }
    relying = {(kept.name, f"{one.schema}.{one.table}") for one, kept in PERSONAL if kept.sweep == OF_THE_SWEEPS}
    assert relying - looked_after == set()


def test_every_sweep_has_its_statements_and_every_statement_its_sweep() -> None:
    assert {sweep.name for sweep in service.SWEEPS} == set(queries.STATEMENTS)
