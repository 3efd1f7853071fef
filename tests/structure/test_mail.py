"""Every kind of mail the product sends, composed for real: who writes, why, and how to make it stop."""

import re
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import asyncpg
import pytest

from privacy.optouts import Source, StopScope, resume, stop
from privacy.tokens import Purpose, read
from survey import worker
from survey.accounts.domain import LinkKind
from survey.accounts.service import ADDRESS_NEW, ADDRESS_NOTICE
from survey.db import Role, transaction
from survey.mail import checking
from survey.mail.checking import code_of
from survey.mail.composing import Audience, Composer, Composing, composers_of
from survey.mail.domain import Bulk, Genuine, Outgoing, Sender, Transactional
from survey.mail.envelope import letterhead_of, typed_address
from survey.mail.skeleton import message_of
from survey.settings import Settings
from tests.conftest import NOW, World, new_affiliate

from .mail_samples import SAMPLES, Stage

COMPOSERS: Mapping[str, Composer] = composers_of(worker.MAIL)
TO_PEOPLE = sorted(kind for kind, composer in COMPOSERS.items() if composer.to is Audience.PEOPLE)
TO_ACCOUNTS = sorted(kind for kind, composer in COMPOSERS.items() if composer.to is Audience.ACCOUNTS)
PRODUCT = Path(__file__).parents[2] / "survey"


class _Seen(HTMLParser):
    """The words that are shown, and where links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("style", "title") or "display: none" in (given.get("style") or ""):
            self.hidden += 1
        if tag == "a":
            self.links.append((given.get("href") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag in ("style", "title", "div"):
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        self.words += data.split()
        if self.links and not self.links[-1][1]:
            self.links[-1] = (self.links[-1][0], data.strip())


@pytest.fixture
async def stage(world: World, superuser: asyncpg.Connection, settings: Settings) -> Stage:
    """An affiliate in which nothing has happened yet."""
    return Stage(await new_affiliate("Kestrel"), settings, superuser)


async def _composed(stage: Stage, kind: str) -> tuple[Outgoing, EmailMessage]:
    """One message of the kind, from what leads to it to the bytes that the relay would get."""
    await SAMPLES[kind](stage)
    rows = await stage.claimed(kind)
    assert rows, f"the sample of {kind} leads to no message"
    composer = COMPOSERS[kind]
    async with transaction(Role.WORKER, affiliate=stage.affiliate_id) as connection:
        made = await composer(Composing(connection, stage.settings, NOW), rows[:1])
    (outgoing,) = made
    assert isinstance(outgoing, Outgoing), f"the sample of {kind} is withheld: {outgoing.reason}"
    is_to_people = composer.to is Audience.PEOPLE
    message = message_of(outgoing, letterhead_of(stage.settings), NOW, is_to_people=is_to_people)
    return outgoing, message_from_bytes(message.content, policy=default)


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


def _sender(outgoing: Outgoing) -> Sender:
    return outgoing.frame.sender


def test_every_kind_of_mail_has_a_sample() -> None:
    assert set(SAMPLES) == set(COMPOSERS)


def test_the_worker_knows_the_mail_of_every_area() -> None:
    modules = {".".join(path.relative_to(PRODUCT.parent).with_suffix("").parts) for path in PRODUCT.rglob("emails.py")}
    assert modules - {module.__name__ for module in worker.MAIL} == set()


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_every_mail_carries_a_signed_way_out_in_its_text_and_in_its_html(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    (url,) = {url for url, words in _Seen(_part(message, "html")).links if words == "Stop these e-mails"}
    assert url.startswith(f"{stage.settings.base_url}/o/")
    assert read(stage.settings.token_keys, Purpose.OPT_OUT, url.rpartition("/")[2]) == outgoing.row.opt_out_link_id
    assert url in _part(message, "plain")


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_mail_can_be_stopped_by_the_mail_program_unless_it_was_asked_for(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    stopping, one_click = message.get_all("List-Unsubscribe", []), message.get_all("List-Unsubscribe-Post", [])
    if outgoing.row.is_asked and kind not in TO_PEOPLE:
        assert stopping == one_click == []
        return
    url = stopping[0].split(">")[0].removeprefix("<")
    assert (len(stopping), one_click) == (1, ["List-Unsubscribe=One-Click"])
    assert url in _part(message, "plain")


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_every_mail_carries_its_code_and_whoever_types_it_hears_that_it_is_ours(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    key, composer = stage.settings.index_key, COMPOSERS[kind]
    told = f"Type {typed_address(stage.settings.base_url)} into your browser, and there this code: "
    text, shown = " ".join(_part(message, "plain").split()), " ".join(_Seen(_part(message, "html")).words)
    code = text.partition(told)[2][:14]
    assert code == code_of(key, outgoing.row.message_id) == shown.partition(told)[2][:14]
    async with transaction(Role.WORKER) as connection:
        await checking.issue(connection, [checking.issued(outgoing, composer.about, key, NOW)])
    async with transaction(Role.DESK) as connection:
        found = await checking.check(connection, key, code, outgoing.to, NOW.date())
    assert found == Genuine(composer.about, outgoing.frame.sender.name, NOW.date(), None, True)


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_no_link_of_a_mail_holds_its_code(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    code = code_of(stage.settings.index_key, outgoing.row.message_id)
    spellings = {code, code.lower(), code.replace("-", "")}
    assert not [url for url, _ in _Seen(_part(message, "html")).links if any(each in url for each in spellings)]


@pytest.mark.parametrize("composer", COMPOSERS.values(), ids=sorted(COMPOSERS))
def test_what_a_mail_is_can_be_said_to_anybody_who_holds_its_code(composer: Composer) -> None:
    """It goes on after "It is", speaks to nobody in particular, and is no longer than a line."""
    assert re.match(r"(an?|news) ", composer.about)
    assert not re.search(r"\b(you|your|yours)\b", composer.about)
    assert len(composer.about) < 80


# What goes out though its reader has stopped all mail: they have asked for it themselves.
ASKED_FOR = {
    LinkKind.RESET, ADDRESS_NEW, ADDRESS_NOTICE, "panel-confirm", "panel-welcome", "shopper.confirm", "shopper.address",
    "shopper.copy", "shopper.restriction", "study-test",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_whoever_has_stopped_all_mail_gets_nothing_but_what_they_ask_for(stage: Stage, kind: str) -> None:
    await SAMPLES[kind](stage)
    asked_for = await stage.superuser.fetch(
        "SELECT DISTINCT suppression_key FROM ops.delivery WHERE affiliate_id = $1 AND kind = $2 AND state = 'queued'",
        stage.affiliate_id, kind,
    )  # fmt: skip
    keys = [row["suppression_key"] for row in asked_for]
    async with transaction(Role.DESK) as connection:
        for key in keys:
            await stop(connection, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
    is_claimed = bool(await stage.claimed(kind))
    # Samples write to the same addresses again in other tests.
    async with transaction(Role.DESK) as connection:
        for key in keys:
            await resume(connection, key, StopScope.EVERYTHING, None, NOW)
    assert keys
    assert is_claimed is (kind in ASKED_FOR)
    left = await stage.superuser.fetch(
        "SELECT state, reason FROM ops.delivery WHERE affiliate_id = $1 AND kind = $2", stage.affiliate_id, kind
    )
    assert {tuple(row) for row in left} == {("sending", "") if kind in ASKED_FOR else ("skipped", "opted out")}


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_the_way_out_leads_to_the_person_who_got_the_mail(stage: Stage, kind: str) -> None:
    outgoing, _ = await _composed(stage, kind)
    stopped = await stage.superuser.fetchval(
        "SELECT l.suppression_key = d.suppression_key AND l.affiliate_id = d.affiliate_id"
        " FROM ops.delivery AS d JOIN ledger.opt_out_link AS l ON l.id = d.opt_out_link_id WHERE d.id = $1",
        outgoing.row.id,
    )
    assert stopped is True


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_every_mail_says_who_writes_from_where_and_why(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    sender, text = _sender(outgoing), " ".join(_part(message, "plain").split())
    shown = " ".join(_Seen(_part(message, "html")).words)
    for words in (sender.name, sender.postal_line):
        assert words in text
        assert words in shown
    assert len(outgoing.frame.source) > 20
    assert sender.contact_email in str(message["Reply-To"])


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_no_machine_answers_a_mail_and_nothing_in_it_watches(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    html = _part(message, "html")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == outgoing.to
    assert message["Cc"] is None
    assert "<img" not in html
    assert "<script" not in html
    assert {url.partition("/o/")[0] for url, _ in _Seen(html).links if "/o/" in url} <= {stage.settings.base_url}


@pytest.mark.parametrize("kind", sorted(COMPOSERS))
async def test_text_and_html_say_the_same(stage: Stage, kind: str) -> None:
    _, message = await _composed(stage, kind)
    seen, said = _Seen(_part(message, "html")), _part(message, "plain").split()
    links = {word for word in said if word.startswith(stage.settings.base_url)}
    assert links == {url for url, _ in seen.links}
    assert _bare(said) - links - _bare(seen.words) == set()
    # A button's address is spelt out below it, for those to whom it is no button.
    assert _bare(seen.words) - links - _bare(said) <= {"Or", "open", "this", "address"}


def _bare(words: list[str]) -> set[str]:
    return {word.strip(":-") for word in words} - {""}


@pytest.mark.parametrize("kind", TO_PEOPLE)
async def test_survey_mail_names_its_list_and_nobody_on_it(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    is_bulk = isinstance(outgoing.frame, Bulk)
    assert outgoing.row.is_bulk is is_bulk
    assert (message["List-ID"] is not None) is is_bulk
    assert (message["Precedence"] == "bulk") is is_bulk
    known = {outgoing.row.recipient_id.hex, str(outgoing.row.recipient_id), outgoing.to}
    for header in ("List-ID", "Feedback-ID", "Message-ID", "Subject"):
        assert not [word for word in known if word in str(message[header])]


@pytest.mark.parametrize("kind", TO_ACCOUNTS)
async def test_mail_about_an_account_belongs_to_no_list(stage: Stage, kind: str) -> None:
    outgoing, message = await _composed(stage, kind)
    assert isinstance(outgoing.frame, Transactional)
    lists = {name.lower() for name in message if name.lower().startswith("list-")}
    assert lists <= {"list-unsubscribe", "list-unsubscribe-post"}
