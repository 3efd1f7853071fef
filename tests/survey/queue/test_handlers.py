"""Declaring jobs."""

from types import ModuleType

import pytest

from survey.queue import BadJob, JobContext, Payload, cron, job, jobs_of


async def _nothing(context: JobContext, payload: Payload) -> None:
    """A handler that has nothing to do."""


def _module(**members: object) -> ModuleType:
    module = ModuleType("area_jobs")
    vars(module).update(members)
    return module


def test_two_jobs_of_one_name_are_refused() -> None:
    with pytest.raises(BadJob):
        jobs_of([_module(a=job("area.work")(_nothing)), _module(b=job("area.work")(_nothing))])


def test_a_job_that_is_never_tried_is_refused() -> None:
    with pytest.raises(BadJob):
        job("area.work", attempts=0)(_nothing)


def test_jobs_are_found_in_the_modules_that_declare_them() -> None:
    work, clean = job("area.work")(_nothing), cron("area.clean", "0 * * * *")(_nothing)
    found = jobs_of([_module(a=work, other=3), _module(b=clean), _module(again=work)])
    assert dict(found) == {"area.work": work, "area.clean": clean}


def test_what_the_clock_asks_for_never_runs_twice_at_once() -> None:
    assert cron("area.clean", "0 * * * *")(_nothing).at_once == 1
