"""Rules about days: which days of a shop's window each of them closes to a shopper, and in what words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from .days import Span, closed_days, first_free, spoken
from .facts import ShopFacts, ShopperFacts, Visit
from .reasons import Code, Reason
from .wording import decisive, free_words, linked, of_somebody, of_you

ROTATION = frozenset({Code.LOCATION, Code.BRAND})


class Closed(Struct, frozen=True):
    """Days that one rule closes. causes: the visit behind each span; limit: the rule's number; is_passing: it ends.

    label and good_until: of a qualification.
    """

    code: Code
    spans: Sequence[Span]
    causes: Sequence[Visit] = ()
    limit: int = 0
    is_household: bool = False
    is_passing: bool = True
    label: str = ""
    good_until: date | None = None

    def reason(self, day: int, today: date) -> Reason:
        """In words, about a day that it closes, with the day from which it is over."""
        code = Code.HOUSEHOLD if self.is_household else self.code
        free_on = date.fromordinal(first_free(self.spans, day)) if self.is_passing else None
        links = linked(self.spans, self.causes, day)
        when = free_words(free_on, links, today) if free_on else ""
        visits = decisive(self.spans, self.causes, links, day) if self.code in ROTATION else []
        return Reason(code, self._staff(visits, today) + when, f"{self._shopper(visits, today)}{when}.", free_on)

    def _staff(self, visits: Sequence[Visit], today: date) -> str:
        match self.code:
            case Code.LOCATION | Code.BRAND:
                who = "The household" if self.is_household else "The shopper"
                is_here = self.code is Code.LOCATION
                told = " and ".join(dict.fromkeys(of_somebody(each, today, is_here=is_here) for each in visits))
                return f"{who} {told} (rule: {self.limit} days)"
            case Code.DAILY:
                return f"The shopper has {self.limit} shops on the days that are left"
            case Code.GAP:
                return f"The shopper has another shop within {self.limit} days"
            case Code.LOCATION_DAILY:
                return f"The location has {self.limit} visits on the days that are left"
            case Code.LOCATION_GAP:
                return f"The location has another visit within {self.limit} days"
            case Code.QUALIFICATION:
                return f"“{self.label}” {self._runs_out(today)}"
            case Code.BLACKOUT:
                return "The days that are left are blacked out"
            case _:
                return "The location is not open then"

    def _shopper(self, visits: Sequence[Visit], today: date) -> str:
        if self.is_household:
            return "The client's rotation rule closes this to your address for now"
        match self.code:
            case Code.LOCATION | Code.BRAND:
                is_here = self.code is Code.LOCATION
                return f"You {' and '.join(dict.fromkeys(of_you(each, today, is_here=is_here) for each in visits))}"
            case Code.DAILY:
                return "You have as many shops on these days as one may have"
            case Code.GAP:
                return f"You have another shop within {self.limit} days"
            case Code.LOCATION_DAILY | Code.LOCATION_GAP:
                return "This place has had enough visits for now"
            case Code.QUALIFICATION:
                return f"Your “{self.label}” {self._runs_out(today)}; send a new document in your profile"
            case Code.BLACKOUT:
                return "Nobody visits on these days"
            case _:
                return "The place is not open at that time"

    def _runs_out(self, today: date) -> str:
        day = self.good_until or today
        when = spoken(day, today)
        return f"ran out on {when}" if day < today else f"runs out on {when}, before the visit"


def closings(person: ShopperFacts, shop: ShopFacts, start: date, end: date) -> list[Closed]:
    """What the rules close, each rule by itself. The shop itself is no visit that stands against it."""
    rotation, place, history = shop.rules.rotation, shop.place, person.history
    found: list[Closed] = []
    if rotation.location_days:
        found += _rotation(Code.LOCATION, rotation.location_days, history.at_location.get(place.id, ()), shop)
    if rotation.brand_days:
        found += _rotation(Code.BRAND, rotation.brand_days, history.of_client.get(shop.client_id, ()), shop)
    if rotation.gap_days or rotation.daily_limit:
        found += _own_days(person, shop)
    if shop.rules.requirements.qualifications:
        found += _running_out(person, shop, end)
    if place.taken and (rotation.location_daily_limit or rotation.location_gap_days):
        found += _place_days(shop)
    if rotation.blackout:
        spans = [(first.toordinal(), last.toordinal()) for first, last in rotation.blackout]
        found.append(Closed(Code.BLACKOUT, spans))
    if shop.rules.kind != "web" and len(shop.weekdays) < 7:
        spans = closed_days(shop.weekdays, start.toordinal(), end.toordinal())
        # Past the window nobody has looked, so that no day can be promised.
        found.append(Closed(Code.HOURS, spans, is_passing=False))
    return found


def _rotation(code: Code, days: int, visits: Iterable[Visit], shop: ShopFacts) -> list[Closed]:
    own: list[Visit] = []
    household: list[Visit] = []
    for visit in visits:
        if visit.shop_id != shop.id:
            (own if visit.is_own else household).append(visit)
    kinds = [(own, False)] + ([(household, True)] if shop.rules.rotation.is_household else [])
    return [
        Closed(code, [_around(visit.day, days - 1) for visit in chosen], chosen, days, is_household)
        for chosen, is_household in kinds
        if chosen
    ]


def _own_days(person: ShopperFacts, shop: ShopFacts) -> list[Closed]:
    rotation = shop.rules.rotation
    visits = [visit for visit in person.history.own if visit.shop_id != shop.id]
    return _limited(
        [visit.day for visit in visits], visits, (Code.DAILY, rotation.daily_limit), (Code.GAP, rotation.gap_days)
    )


def _running_out(person: ShopperFacts, shop: ShopFacts, end: date) -> list[Closed]:
    """The days after the last one on which something asked for is good, be it over already or still to come."""
    found = []
    for code in shop.rules.requirements.qualifications:
        last = person.qualifications.get(code)
        if last is not None and last < end:
            spans = [(last.toordinal() + 1, end.toordinal())]
            found.append(
                Closed(
                    Code.QUALIFICATION, spans, is_passing=False, label=shop.rules.label_of(code), good_until=last
                )
            )  # fmt: skip
    return found


def _place_days(shop: ShopFacts) -> list[Closed]:
    rotation = shop.rules.rotation
    days = [day for shop_id, day in shop.place.taken if shop_id != shop.id]
    return _limited(
        days, (), (Code.LOCATION_DAILY, rotation.location_daily_limit), (Code.LOCATION_GAP, rotation.location_gap_days)
    )


def _limited(
    days: Sequence[date], visits: Sequence[Visit], daily: tuple[Code, int | None], gap: tuple[Code, int]
) -> list[Closed]:
    """A most for one day, and a distance to every other. visits: those of the days, where they are somebody's own."""
    found: list[Closed] = []
    code, most = daily
    if most:
        full = [day for day, count in Counter(days).items() if count >= most]
        if full:
            found.append(Closed(code, [_around(day, 0) for day in full], _of_days(full, visits), most))
    code, apart = gap
    if apart and days:
        found.append(Closed(code, [_around(day, apart) for day in days], visits, apart))
    return found


def _of_days(days: Sequence[date], visits: Sequence[Visit]) -> list[Visit]:
    """A visit of each of the days; one for which no day was chosen before the others, because it may move."""
    chosen = {visit.day: visit for visit in sorted(visits, key=lambda each: each.last_day is not None)}
    return [chosen[day] for day in days if day in chosen]


def _around(day: date, days: int) -> Span:
    number = day.toordinal()
    return number - days, number + days
