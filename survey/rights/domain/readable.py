"""A copy as its owner reads it: one page without scripts, which needs nothing from elsewhere and prints. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any
from uuid import UUID

from survey.shops.visits.domain import money

from .copies import ELSEWHERE, Kind

CENTS, TENTHS = "_cents", "_tenths"
# What a table is called where its name is no word of a shopper's.
TITLES: Mapping[str, str] = {
    "shopper": "Profile", "email_change": "A new address that waits", "portrait": "Photo", "profile_answer": "Answers",
    "conflict": "Conflicts", "qualification": "Qualifications", "document": "Documents",
    "guideline_reading": "Guidelines you read", "certification": "Quizzes you passed", "quiz_try": "Tries at quizzes",
    "quiz_grant": "Further tries you were given", "consent": "What you agreed to", "application": "Shops you asked for",
    "assignment": "Shops", "extension": "Wishes for another day", "report": "Reports", "report_text": "Your words",
    "report_submission": "Reports as you handed them in", "draft": "Drafts", "evidence": "Pictures",
    "recording": "Recordings", "check_in": "Check-ins", "report_edit": "Changes", "report_note": "Notes to you",
    "review": "Decisions", "review_decision": "Each decision", "rejection_contest": "What you contested",
    "appeal_question": "Questions to you",
    "mark": "Marks", "deactivation": "Decisions about your profile", "thread": "Conversations", "message": "Messages",
    "pay_item": "What visits pay", "payout": "Where your money goes", "tax_identity": "Tax number", "event": "Looks",
    "delivery": "Mail", "shop_told": "Shops we told you of", "calendar_feed": "Addresses", "data_copy": "Copies",
}  # fmt: skip
# What a column is called where its name is no word of the trade.
LABELS: Mapping[str, str] = {
    "at": "When", "n": "Change number", "sealed": "Words", "media_key": "File", "last4": "Last four characters",
    "client_key": "File, blacked out for the business", "original_key": "File as you sent it", "code": "What",
    "old_sealed": "Words before", "new_sealed": "Words after", "old_coded": "Answer before",
    "new_coded": "Answer after", "is_given": "Agreed", "field": "Question", "accuracy_m": "Accuracy in metres",
    "wants_news": "Wants mail of new shops", "news_within_km": "Wants news within km",
    "news_least_cents": "Wants news of shops that pay at least", "news_every": "Wants news every",
    "company": "As you typed it", "units": "Distances in", "is_override": "Staff set rules aside", "actor_kind": "Who",
    "actor_role": "In what role", "purpose": "What for", "seen": "What", "client": "Business",
    "held_limit": "Shops you may hold at a time", "display_code": "Your code", "contest_words": "Your words",
    "asked": "Question to you", "flags": "What made an editor look twice", "breakdown": "Points",
    "old_grade": "Grade before", "new_grade": "Grade after",
}  # fmt: skip
# Said in other words beside it, or of no use to a reader; the data for programs has it.
UNSAID = frozenset({
    "coded", "size_bytes", "width", "height", "boxes", "revision", "is_bulk", "question_id", "currency", "section",
    "parts_done", "round_place", "action", "wording_version",
})  # fmt: skip
FIRST = ("shop", "client", "question", "field", "name")
# Columns of codes, which are read more easily as words.
CODES = frozenset({
    "state", "kind", "mode", "status", "source", "reason", "answer", "code", "decision", "outcome", "origin", "contest",
    "problem", "actor_role",
})  # fmt: skip
CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|[A-Z]+(?:_[A-Z]+)*")
PICTURES = (".jpg", ".png")
STYLE = """
:root { color-scheme: light dark; --line: #8886; --quiet: #666; }
@media (prefers-color-scheme: dark) { :root { --quiet: #aaa; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; } h2 { margin-top: 3rem; border-top: 2px solid; padding-top: .75rem; }
h3 { margin-top: 2rem; } .quiet { color: var(--quiet); }
ol.rows { list-style: none; padding: 0; } ol.rows > li { border-top: 1px solid var(--line); padding: .75rem 0; }
dl { margin: 0; display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; gap: .25rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; white-space: pre-wrap; } dd dl { white-space: normal; }
dd ul { margin: 0; padding-left: 1.2rem; white-space: normal; }
img { max-width: 100%; max-height: 20rem; height: auto; display: block; margin-top: .25rem; }
nav ul { columns: 2 14rem; padding-left: 1.2rem; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@media print { body { max-width: none; font-size: 10pt; } ol.rows > li { break-inside: avoid; } nav { display: none; } }
"""


def opening(company: str, made_at: datetime, kinds: Sequence[Kind]) -> str:
    """The head of the page, what it is, and what is in it."""
    title = f"What {company} holds about you"
    lines = [
        "<!DOCTYPE html>", '<html lang="en">', '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style></head>", "<body>", "<header>", f"<h1>{escape(title)}</h1>",
        f"<p>A copy of {_said(made_at)}, made for you alone. The same stands beside this page as JSON, one file a part,"
        ' with <a href="schema.json">what each field means</a>. Staff stand here by what they do, never by name.</p>',
        "</header>", '<nav aria-label="Parts"><ul>',
        *(f'<li><a href="#{kind.name}">{escape(kind.title)}</a></li>' for kind in kinds),
        '<li><a href="#elsewhere">What is held elsewhere</a></li>', "</ul></nav>", "<main>",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def part_opening(kind: Kind, told: Mapping[str, Sequence[str]]) -> str:
    """The head of one part. told: what for, how long, and what is held back, in lines."""
    facts = {
        "Where it comes from": [kind.source],
        "What for": told["purposes"],
        "How long": told["kept"],
        "Who else sees it": [kind.shown_to],
        "Not in this copy": told["held_back"],
    }
    said = "".join(_pair(word, _listed(lines)) for word, lines in facts.items() if lines)
    title = f'<h2 id="{kind.name}">{escape(kind.title)}</h2>'
    return f'{title}\n<p>{escape(kind.words)}</p>\n<dl class="quiet">{said}</dl>\n'


def rows_opening(table: str) -> str:
    """The head of the rows of one table."""
    name = table.rpartition(".")[2]
    return f'<h3>{escape(TITLES.get(name, name))}</h3>\n<ol class="rows">\n'


def row_shown(row: Mapping[str, Any]) -> str:
    """One row, without what is empty and without ids that lead nowhere for a reader."""
    return f"<li><dl>{_pairs(row)}</dl></li>\n"


def closing() -> str:
    """What is held elsewhere, and the end."""
    lines = [
        '<h2 id="elsewhere">What is held elsewhere</h2>', "<dl>",
        *(_pair(one.what, escape(one.where)) for one in ELSEWHERE),
        "</dl>", "</main></body></html>",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


ROWS_CLOSING = "</ol>\n"
NOTHING = '<p class="quiet">Nothing.</p>\n'


def _pairs(row: Mapping[str, Any]) -> str:
    return "".join(
        _pair(_label(name), _value(name, value, row)) for name, value in row.items() if _is_said(name, value)
    )


def _is_said(name: str, value: object) -> bool:
    return name not in UNSAID and not isinstance(value, UUID) and value not in (None, "", [], {})


def _label(name: str) -> str:
    plain = name.removesuffix(CENTS).removesuffix(TENTHS)
    return LABELS.get(name) or plain.replace("_", " ").capitalize()


def _pair(label: str, value: str) -> str:
    return f"<dt>{escape(label)}</dt><dd>{value}</dd>"


def _value(name: str, value: Any, row: Mapping[str, Any]) -> str:
    if name.endswith(CENTS):
        return escape(money(value, row.get("currency", "")).strip())
    if name.endswith(TENTHS):
        return f"{value / 10:.1f}"
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list):
        return _listed_values(value)
    if name in CODES and isinstance(value, str) and CODE.fullmatch(value):
        return escape(value.replace("_", " ").lower())
    return escape(_said(value))


def _mapping(value: Mapping[str, Any]) -> str:
    if set(value) == {"file"}:
        path = escape(str(value["file"]))
        picture = f'<img src="{path}" alt="" loading="lazy">' if path.endswith(PICTURES) else ""
        return f'<a href="{path}">{path.rpartition("/")[2]}</a>{picture}'
    if set(value) <= {"gone", "lost"}:
        return escape(str(next(iter(value.values()))))
    return f"<dl>{_pairs(value)}</dl>"


def _listed_values(value: Sequence[Any]) -> str:
    if all(isinstance(one, Mapping) and set(one) == {"question", "answer"} for one in value):
        answers = "".join(_pair(one["question"], escape("; ".join(one["answer"]))) for one in value)
        return f"<dl>{answers}</dl>"
    return "<ul>" + "".join(f"<li>{_value('', one, {})}</li>" for one in value) + "</ul>"


def _listed(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return escape(lines[0])
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _said(value: object) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return f"{value.day} {value:%B %Y, %H:%M} UTC"
        case date():
            return f"{value.day} {value:%B %Y}"
        case _:
            return str(value)
