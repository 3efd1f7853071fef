"""What an act on pay wants, and what becomes of many shops' pay: between which amounts it moves, and what it costs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from survey.shops.visits.domain import decimal, difference, money


class Pay(NamedTuple):
    """What a shop pays, in cents."""

    fee: int
    bonus: int


@dataclass(frozen=True, slots=True)
class NewPay:
    """What is wanted of fee and bonus, in cents: an amount, or by how much it changes. None: as it is."""

    fee_cents: int | None = None
    bonus_cents: int | None = None
    fee_by_cents: int | None = None
    bonus_by_cents: int | None = None

    @property
    def is_by_steps(self) -> bool:
        """Whether what comes of it depends on what a shop pays already: done twice, it counts twice."""
        return self.fee_by_cents is not None or self.bonus_by_cents is not None

    def after(self, was: Pay) -> Pay:
        """What a shop would pay; it may be less than nothing, which no shop can."""
        return Pay(
            _after(was.fee, self.fee_cents, self.fee_by_cents),
            _after(was.bonus, self.bonus_cents, self.bonus_by_cents),
        )


@dataclass(frozen=True, slots=True)
class PaySpan:
    """Fee or bonus of the shops of a currency for which it changes: the least and the most, before and after."""

    part: str
    currency: str
    shops: int
    was: tuple[int, int]
    becomes: tuple[int, int]
    cost_cents: int

    @property
    def words(self) -> str:
        """ "12 shops: bonus from GBP 0.00–5.00 to GBP 2.00–7.00; cost GBP +24.00"."""
        shops = f"{self.shops:,} shop{'' if self.shops == 1 else 's'}"
        was, becomes = self._between(*self.was), self._between(*self.becomes)
        return f"{shops}: {self.part} from {was} to {becomes}; cost {difference(self.cost_cents, self.currency)}"

    def _between(self, least: int, most: int) -> str:
        said = money(least, self.currency)
        return said if least == most else f"{said}–{decimal(most, thousands=',')}"


def spans_of(changes: Iterable[tuple[str, Pay, Pay]]) -> tuple[PaySpan, ...]:
    """What becomes of the pay, by currency, the fee first. changes: of each shop its currency, before, after."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for currency, was, becomes in changes:
        for part, old, new in zip(Pay._fields, was, becomes, strict=True):
            if old != new:
                found[currency, part].append((old, new))
    ordered = sorted(found.items(), key=lambda each: (each[0][0], Pay._fields.index(each[0][1])))
    return tuple(_span(part, currency, pairs) for (currency, part), pairs in ordered)


def _span(part: str, currency: str, pairs: list[tuple[int, int]]) -> PaySpan:
    old, new = [was for was, _ in pairs], [becomes for _, becomes in pairs]
    return PaySpan(part, currency, len(pairs), (min(old), max(old)), (min(new), max(new)), sum(new) - sum(old))


def _after(was: int, wanted: int | None, by: int | None) -> int:
    return was + (by or 0) if wanted is None else wanted
