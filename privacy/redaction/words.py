"""Replacing what was found by words that say what stood there and nothing of it."""

from collections.abc import Iterable, Mapping

from .scanning import Finding, Kind

DEFAULT_TOKENS: Mapping[Kind, str] = {
    Kind.CARD: "[card number]",
    Kind.SOCIAL_SECURITY: "[social security number]",
    Kind.BANK_ACCOUNT: "[bank account]",
    Kind.EMAIL: "[e-mail address]",
    Kind.TELEPHONE: "[telephone number]",
    Kind.ENDING: "[end of a number]",
    Kind.PLATE: "[number plate]",
    Kind.HANDLE: "[name on a network]",
    Kind.AUTHOR: "[the shopper]",
    Kind.NAME: "[name]",
    Kind.TIME: "[time]",
    Kind.PERHAPS: "[name]",
}


def replaced(text: str, findings: Iterable[Finding], tokens: Mapping[Finding, str] | None = None) -> str:
    """The text with each finding replaced by its token, or by the words for its kind. The rest is not touched."""
    chosen = tokens or {}
    parts, at = [], 0
    for each in sorted(findings, key=lambda one: one.start):
        parts += [text[at : each.start], chosen.get(each, DEFAULT_TOKENS[each.kind])]
        at = each.end
    return "".join([*parts, text[at:]])
