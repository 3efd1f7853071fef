"""What is asked about the pay of many shops: amounts, or steps up and down; and what each paid when it was shown."""

import re
from collections.abc import Sequence
from uuid import UUID

from survey.questionnaires.domain import cents_of, step_of
from survey.web import Form

from ..domain import MOST_CENTS, NewPay, Outcome, Pay

CENTS = re.compile(r"[0-9]{1,9}")


def pay_in(form: Form) -> NewPay:
    """What the shops are to pay; leaves messages beside what is no amount, and where a part is asked for twice."""
    fee, bonus = _part(form, "fee"), _part(form, "bonus")
    if not any(form[name] for name in ("fee", "bonus", "fee_by", "bonus_by")):
        form.refuse("fee", "Enter a fee, a bonus or both, or by how much they change")
    return NewPay(fee[0], bonus[0], fee[1], bonus[1])


def shown_pay(outcome: Outcome) -> str:
    """What each of the shops that an act on pay reaches pays now: fee and bonus in cents, in the order of the shops."""
    before = [outcome.before[str(each)] for each in outcome.done]
    return " ".join(f"{was['fee_cents']} {was['bonus_cents']}" for was in before)


def shown_pay_in(form: Form, shop_ids: Sequence[UUID]) -> dict[UUID, Pay]:
    """What each of the shops paid when the effects were shown; none where that was not said of all of them."""
    said = form["pay"].split()
    if len(said) != 2 * len(shop_ids) or not all(CENTS.fullmatch(each) for each in said):
        return {}
    cents = [int(each) for each in said]
    return dict(zip(shop_ids, map(Pay, cents[::2], cents[1::2]), strict=True))


def _part(form: Form, name: str) -> tuple[int | None, int | None]:
    """Of fee or bonus the amount, and by how much it changes."""
    text, by = form[name], form[f"{name}_by"]
    if text and by:
        form.refuse(f"{name}_by", f"Enter a {name}, or by how much it changes, but not both")
        return None, None
    cents, step = cents_of(text) if text else None, step_of(by) if by else None
    if text and (cents is None or cents > MOST_CENTS):
        form.refuse(name, "Enter an amount such as 12.50, at most 10,000")
    if by and (not step or abs(step) > MOST_CENTS):
        form.refuse(f"{name}_by", "Enter a change such as +2.00 or -1.00, at most 10,000")
    return cents, step
