"""The one function of eligibility. Pure: everything it knows is in its arguments.

First what holds on every day (who somebody is, what the shop is), then the days: each rule closes some, and a shop
can be made if its window has a day that no rule closes.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.clients.domain import distance_km
from survey.shoppers.domain import distance_words
from survey.shops.visits.domain import State

from .closing import Closed, closings
from .days import first_free, spoken
from .facts import ShopFacts, ShopperFacts
from .reasons import Code, Reason, Verdict

UNPREPARED = "Has not read the current guideline, nor passed its quiz"
REMOTE = frozenset({"phone", "web"})  # nobody travels
STATUS_WORDS = {
    "pending": ("has not confirmed the e-mail address", "Confirm your e-mail address first."),
    "paused": ("has paused", "You have paused. Take up work again in your profile to see shops."),
    "deactivated": ("is deactivated", "Your profile is deactivated. You can contest that in your profile."),
}


def reasons(person: ShopperFacts, shop: ShopFacts, now: datetime, on: date | None = None) -> tuple[Reason, ...]:
    """What stands against this shopper making this shop, on a day, or on any day of its window; empty: nothing."""
    return verdict(person, shop, now, on).reasons


def verdict(person: ShopperFacts, shop: ShopFacts, now: datetime, on: date | None = None) -> Verdict:
    """The same, with the first day on which it can be made."""
    today = _today(shop.place.time_zone, now)
    found = [reason for rule in STANDING for reason in rule(person, shop)]
    start, end = max(shop.first_day, today), shop.last_day
    if now >= shop.window_end or start > end or (on is not None and not start <= on <= end):
        found.append(_window(shop, (start, end), now, today))
        return Verdict(tuple(found), None)
    if on is not None:
        start = end = on
    closed = closings(person, shop, start, end)
    day = first_free([span for each in closed for span in each.spans], start.toordinal())
    if day > end.toordinal():
        found += _closed_reasons(closed, (start, end), today)
        return Verdict(tuple(found), None)
    return Verdict(tuple(found), None if found else date.fromordinal(day))


def _closed_reasons(closed: list[Closed], days: tuple[date, date], today: date) -> Iterator[Reason]:
    """One reason a rule that closes a day of these, on the first such day; and from when it alone would not."""
    start, end = days[0].toordinal(), days[1].toordinal()
    for each in closed:
        touched = [max(first, start) for first, last in each.spans if first <= end and last >= start]
        if touched:
            yield each.reason(min(touched), today)


def _window(shop: ShopFacts, days: tuple[date, date], now: datetime, today: date) -> Reason:
    start, end = days
    if start > end or now >= shop.window_end:
        return Reason(Code.WINDOW, f"The window ended on {spoken(end, today)}", "This shop is over.")
    window = f"{spoken(start, today)} to {spoken(end, today)}"
    return Reason(Code.WINDOW, f"The day lies outside the window, {window}", f"Choose a day from {window}.")


def _today(time_zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def _status(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    if person.status != "active":
        staff, own = STATUS_WORDS.get(person.status, ("is not active", "Your profile is not active."))
        yield Reason(Code.STATUS, f"The shopper {staff}", own)
    if not person.has_agreed:
        words = "Accept the contractor agreement in your profile first."
        yield Reason(Code.AGREEMENT, "Has not accepted the contractor agreement", words)


def _shop(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    is_theirs = shop.id in person.history.held
    if shop.is_on_hold:
        yield Reason(Code.TAKEN, "The shop is on hold", "This shop is not to be had at the moment.")
    elif shop.state is not State.OPEN and not is_theirs:
        state = shop.state.lower().replace("_", " ")
        yield Reason(Code.TAKEN, f"The shop is {state}", "Somebody has this shop already.")
    if shop.place.status != "open":
        how = "closed for now" if shop.place.status == "temporarily_closed" else "closed for good"
        yield Reason(Code.LOCATION_CLOSED, f"The location is {how}", f"This place is {how}.")


def _fitness(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    rules, asked = shop.rules, shop.rules.requirements
    if shop.client_id in person.conflicts:
        words = "Your profile says that you or your household have to do with this client."
        yield Reason(Code.CONFLICT, "Has a conflict of interest with the client", words)
    if rules.is_certified:
        yield from _prepared(person, rules.guideline_id)
    least = asked.least_grade_tenths
    if least is not None and (person.grade_tenths or 0) < least:
        graded = f"{person.grade_tenths / 10:.1f}" if person.grade_tenths else "no grade yet"
        words = f"This shop asks for a grade of {least / 10:.1f}; you have {graded}."
        yield Reason(Code.GRADE, f"Grade {graded}, the campaign asks for {least / 10:.1f}", words)
    held = len(person.history.held - {shop.id})
    if held >= person.held_limit:
        words = f"You hold {held} shops, which is as many as you may. Finish or give back one."
        yield Reason(Code.HELD, f"Holds {held} of at most {person.held_limit} shops", words)
    if rules.rotation.once_per_campaign:
        yield from _once(person, shop)


def _prepared(person: ShopperFacts, guideline_id: UUID | None) -> Iterator[Reason]:
    """A campaign whose guideline has a quiz sends nobody who has not read it and passed."""
    has_read = guideline_id is not None and guideline_id in person.read
    if guideline_id is None or guideline_id not in person.certified:
        words = "Read the guidelines and pass their quiz first; it takes a few minutes."
        staff = "Has not passed the quiz of the current guideline" if has_read else UNPREPARED
        yield Reason(Code.CERTIFICATION, staff, words)
    elif not has_read:
        words = "You have passed the quiz. Read the guidelines too, and say that you have."
        yield Reason(Code.READING, "Has not said to have read the current guideline", words)


def _qualifications(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    """What was never recorded. What has run out, or will before the visit, closes days: see `closings`."""
    for code in shop.rules.requirements.qualifications:
        if code not in person.qualifications:
            label = shop.rules.label_of(code)
            words = f"This shop asks for “{label}”, which is not recorded for you. Your profile says how to get it."
            yield Reason(Code.QUALIFICATION, f"Has no “{label}”, which the campaign asks for", words)


def _bands(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    for question, bands in shop.rules.requirements.bands.items():
        told = person.bands.get(question)
        if told is None:
            words = "This shop asks for something that your profile does not say."
            yield Reason(Code.BAND, f"The profile does not say {question.replace('_', ' ')}", words)
        elif told not in bands:
            words = "This shop asks for a shopper of another profile."
            yield Reason(Code.BAND, f"Another band of {question.replace('_', ' ')} is asked for", words)


def _once(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    for visit in person.history.in_campaign.get(shop.rules.campaign_id, ()):
        if visit.shop_id == shop.id:
            continue
        if visit.is_own:
            words = "Everybody makes one shop of this campaign, and you have made or taken yours."
            yield Reason(Code.ONCE, "Has made or taken a shop of this campaign; one each is allowed", words)
            return
        if shop.rules.rotation.is_household:
            words = "The client's rule allows one shop of this campaign to an address, and yours has had it."
            yield Reason(Code.HOUSEHOLD, "The household has had its one shop of this campaign", words)
            return


def _radius(person: ShopperFacts, shop: ShopFacts) -> Iterator[Reason]:
    radius = shop.rules.requirements.radius_km
    place = shop.place
    if radius is None or shop.rules.kind in REMOTE or place.latitude is None or place.longitude is None:
        return
    if person.latitude is None or person.longitude is None:
        yield Reason(
            Code.RADIUS,
            "No place is known for the shopper, who can say it under “Where you start from” in the profile",
            "This shop is for people near, and we do not know where you start from. Say it roughly, or ask us.",
        )
        return
    away = distance_km((person.latitude, person.longitude), (place.latitude, place.longitude))
    if away > radius:
        apart, most = distance_words(away, person.units), distance_words(radius, person.units)
        words = f"It is about {apart} from you; this shop is for people within {most}."
        yield Reason(Code.RADIUS, f"{away:.0f} km away, the campaign allows {radius} km", words)


Rule = Callable[[ShopperFacts, ShopFacts], Iterator[Reason]]
STANDING: tuple[Rule, ...] = (_status, _shop, _fitness, _qualifications, _bands, _radius)
