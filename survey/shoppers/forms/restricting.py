"""Asking that processing is restricted, and answering it."""

from survey.web import Form

from ..domain import RESTRICTION_CHARACTERS, Ground, RestrictionAnswer

TOO_LONG = f"Write {RESTRICTION_CHARACTERS:,} characters or fewer"


def why(form: Form) -> tuple[Ground, str]:
    """The ground, and what somebody writes beside it; words may be left out."""
    ground = next((each for each in Ground if each == form["ground"]), None)
    if ground is None:
        form.refuse("ground", "Choose the reason that fits best")
    return ground or Ground.ACCURACY, _words(form)


def said(form: Form) -> tuple[RestrictionAnswer, str]:
    """What is answered; that it ends needs words, for the person reads why."""
    verdict = next((each for each in RestrictionAnswer if each == form["verdict"]), None)
    if verdict is None:
        form.refuse("verdict", "Choose what you answer")
    words = _words(form)
    if verdict is RestrictionAnswer.ENDS and not words:
        form.refuse("words", "Say why it ends: the shopper reads it")
    return verdict or RestrictionAnswer.STANDS, words


def _words(form: Form) -> str:
    words = form["words"].strip()
    if len(words) > RESTRICTION_CHARACTERS:
        form.refuse("words", TOO_LONG)
    return words
