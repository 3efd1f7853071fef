"""One report of a visit as the plain words that are set on paper. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from survey.shops.visits.domain import money

from .sheets import day_words, mean
from .shops import FAIRNESS, ShopReport, waited

NO_SCORE = "No score"


def content_of(report: ShopReport, maker: str = "") -> dict[str, object]:
    """The words on the page, and the names of its pictures' files. The reference is the client's own.

    maker: the company that made the visit, if it is known.
    """
    line, content = report.line, report.content
    return {
        "title": f"Visit to {line.node_name}",
        "facts": [*_facts(report), *([["Made by", maker]] if maker else [])],
        "score": mean(line.score, 1).text if line.score is not None else NO_SCORE,
        "marks": _marks(report),
        "outcome": content.get("outcome", ""),
        "sections": [
            [each["title"], _percent(each.get("share")), _percent(each["score"])] for each in content["sections"]
        ],
        "answers": _answers(content["answers"]),
        "receipt": _receipt(content.get("receipt")),
        "people": [
            [f"[{one.token}]", one.role.capitalize(), one.name or "–", one.description or "–"]
            for one in report.employees
        ],
        "notice": report.notice,
        "pictures": [[name, words] for name, words in picture_names(report)],
        "fairness": FAIRNESS,
    }


def picture_names(report: ShopReport) -> list[tuple[str, str]]:
    """For each picture: a file's name that says nothing, and what it shows."""
    return [(f"{at}.jpg", f"{each.words} {at}, redacted") for at, each in enumerate(report.pictures, start=1)]


def _facts(report: ShopReport) -> list[list[str]]:
    line = report.line
    return [
        ["Location", f"{line.node_name} ({line.node_code})"],
        ["Business", report.client_name],
        ["Campaign", f"{line.campaign_name}, {line.wave_label}"],
        ["When", line.time_shown],
        ["Released on", day_words(report.released_on)],
        ["Report", str(line.report_ref)],
    ]


def _marks(report: ShopReport) -> list[str]:
    marks = ["This visit failed."] if report.line.is_failed else []
    if report.line.version > 1:
        before = (
            f" The score was {mean(report.score_before, 1).text} before." if report.score_before is not None else ""
        )
        marks.append(f"Corrected after an appeal.{before}")
    return marks


def _answers(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Answers by section, in the order of the questionnaire."""
    titles = dict.fromkeys(answer["section"] for answer in answers)
    return [
        {"title": title, "rows": [_answer(each) for each in answers if each["section"] == title]} for title in titles
    ]


def _answer(answer: Mapping[str, Any]) -> dict[str, object]:
    notes = []
    if answer["points"]:
        earned, possible = (f"{Decimal(str(each)).normalize():f}" for each in answer["points"])
        notes.append(f"{earned} of {possible} points")
    if answer.get("wait_seconds") is not None:
        notes.append(f"{waited(answer['wait_seconds'])} waited")
    return {"title": answer["title"], "lines": answer["lines"], "comment": answer["comment"], "notes": ", ".join(notes)}


def _receipt(receipt: Mapping[str, Any] | None) -> str:
    return money(receipt["amount_cents"], receipt["currency"]) if receipt else ""


def _percent(value: object) -> str:
    return "–" if value is None else mean(Decimal(str(value)), 1).text
