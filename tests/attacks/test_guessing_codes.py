"""Whoever has no message tries codes, and whoever has one tries addresses on it: what they can learn, and how fast."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from asyncpg.connection import LoggedQuery

from privacy.crypto import random_bytes
from privacy.optouts import suppression_key
from survey.db import Role, transaction
from survey.mail import checking
from survey.mail.domain.codes import spelled
from survey.rights.routes.checking import OF_A_CODE, OF_A_VISITOR
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.survey.rights.checkers import Got, Reader, a_message, wrong
from tests.web_client import Site, clock, front, site

__all__ = ["clock", "front", "site"]

OURS, TO_YOU = "This code is ours", "It was sent to the address you typed"
LEFT_OUT = "Just now we do not say to which address it was sent"
# What a page repeats of what was typed.
TYPED = re.compile(r'value="[^"]*"')


@pytest.fixture
async def got(settings: Settings, world: World) -> Got:
    """A message of alice's affiliate."""
    return await a_message(settings, world.alices.affiliate_id)


def a_guess() -> str:
    """A code that nobody was sent."""
    return spelled(random_bytes(8))


async def test_a_guesser_is_held_back_and_a_code_of_ours_does_not_get_through_either(site: Site, got: Got) -> None:
    guesser = Reader(site)
    tried = [(await guesser.asks(a_guess())).status_code for _ in range(OF_A_VISITOR.attempts + 1)]
    assert tried == [200] * OF_A_VISITOR.attempts + [429]
    held_back = await guesser.asks(got.code)
    assert held_back.status_code == 429
    assert OURS not in held_back.text
    # The control: the code is good, and nobody else waits.
    assert OURS in (await Reader(site).asks(got.code)).text


@pytest.mark.parametrize("spelt", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
async def test_addresses_tried_on_a_code_are_counted_from_wherever_and_however_it_is_spelt(
    site: Site, got: Got, spelt: Callable[[str], str]
) -> None:
    for _ in range(OF_A_CODE.attempts):
        page = await Reader(site).asks(spelt(got.code), f"{uuid4().hex}@example.net")
        assert page.status_code == 200
        assert TO_YOU not in page.text
    late = await Reader(site).asks(got.code, got.address)
    assert TO_YOU not in late.text
    assert LEFT_OUT in late.text


async def test_the_control_one_try_fewer_would_have_told(site: Site, got: Got) -> None:
    for _ in range(OF_A_CODE.attempts - 1):
        await Reader(site).asks(got.code, f"{uuid4().hex}@example.net")
    assert TO_YOU in (await Reader(site).asks(got.code, got.address)).text


async def test_after_too_many_addresses_the_right_one_and_a_wrong_one_get_the_same_page(site: Site, got: Got) -> None:
    for _ in range(OF_A_CODE.attempts):
        await Reader(site).asks(got.code, f"{uuid4().hex}@example.net")
    pages = [(await Reader(site).asks(got.code, address)).text for address in (got.address, "a@example.net")]
    assert len({TYPED.sub("", page) for page in pages}) == 1
    assert OURS in pages[0]


async def test_readers_of_a_message_forged_for_many_are_all_told_not_to_trust_it(site: Site) -> None:
    guess = a_guess()
    pages = [await Reader(site).asks(guess, "a@example.net") for _ in range(OF_A_CODE.attempts + 2)]
    assert {page.status_code for page in pages} == {200}
    assert all("Do not trust this message" in page.text for page in pages)


async def test_whoever_asks_without_an_address_takes_nothing_from_those_who_name_theirs(site: Site, got: Got) -> None:
    for _ in range(OF_A_CODE.attempts + 1):
        assert OURS in (await Reader(site).asks(got.code, "  ")).text
    assert TO_YOU in (await Reader(site).asks(got.code, got.address)).text


async def test_who_mistypes_holds_nobody_else_back(site: Site) -> None:
    """What is no code at all is not counted together."""
    tried = {(await Reader(site).asks("7K4M")).status_code for _ in range(OF_A_CODE.attempts + 2)}
    assert tried == {200}


async def test_another_address_and_a_forgotten_one_get_the_same_page(
    site: Site, settings: Settings, world: World
) -> None:
    one, other = [await a_message(settings, world.alices.affiliate_id) for _ in range(2)]
    key = suppression_key(settings.index_key, one.address)
    async with transaction(Role.DESK) as here:
        await checking.forget(here, [(one.affiliate_id, key)])
    forgotten, elsewhere = [
        TYPED.sub("", (await Reader(site).asks(got.code, one.address)).text) for got in (one, other)
    ]
    assert forgotten == elsewhere
    # The control: the page of the right address is another one.
    assert TYPED.sub("", (await Reader(site).asks(other.code, other.address)).text) != elsewhere


async def test_a_code_that_is_nobodys_says_the_same_whatever_address_is_typed_with_it(site: Site, got: Got) -> None:
    guess = wrong(got.code)
    pages = {
        re.sub(r"value=\"[^\"]*\"", "", (await Reader(site).asks(guess, address)).text)
        for address in ("", got.address, "somebody@else.test")
    }
    assert len(pages) == 1


async def test_the_work_is_the_same_whether_the_code_is_known_or_the_address_right(
    settings: Settings, world: World
) -> None:
    got = await a_message(settings, world.alices.affiliate_id)
    asked = [(got.code, got.address), (got.code, "a@b.test"), (got.code, ""), (a_guess(), got.address), ("", "")]
    statements = []
    for code, address in asked:
        seen: list[str] = []

        def note(query: LoggedQuery, seen: list[str] = seen) -> None:
            seen.append(query.query)

        async with transaction(Role.DESK) as here:
            with here.query_logger(note):
                await checking.check(here, settings.index_key, code, address, NOW.date())
        statements.append(seen)
    assert len(statements[0]) == 1
    assert all(each == statements[0] for each in statements)
