"""The demo's mystery shoppers as people: names, towns, households, accounts. Invented, and the same each time."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.shoppers.domain import Address, Details, Payout, PayoutKind, Registration, units_of

from .cast import DOMAIN, SHOPPER
from .customers import FIRST_NAMES, SURNAMES
from .geography import TOWNS

IBAN_MODULUS, IBAN_FULL = 97, 98  # ISO 13616
BANK = "GB00BANK000000"
ROUTING = "000000000"  # its check digit fits, and no bank has it
# Whoever lives in the first four of them is one of thirteen; the two towns with six coffee houses are among these.
AMERICAN = ("Valley", "Coast", "Foothill", "Harbor", "Mill", "Lakeside", "Prairie", "Bluffs")
NORTHERN = ("Leith", "Alloa", "Perth", "Ayr")
ROADS = ("Orchard Road", "Mill Street", "Chapel Lane", "Quarry Hill", "Park Terrace", "Weaver Street", "Tower Lane")
AGES = (("18-29", "18 to 29"), ("30-44", "30 to 44"), ("45-59", "45 to 59"), ("60", "60 or older"))
COFFEE = (("daily", "Every day"), ("weekly", "Every week"), ("seldom", "Seldom or never"))
TRAVEL = (("car", "By car"), ("public", "By bus or train"), ("foot", "On foot or by bicycle"))
# Each profile has one of these in each question; the numbers are prime to one another, so that all pairs occur.
ASKED: Mapping[str, tuple[str, tuple[tuple[str, str], ...], bool, str]] = {
    "age": ("How old are you?", AGES, True, "Some shops need somebody of an age to whom the place sells."),
    "coffee": ("How often do you buy coffee out?", COFFEE, False, "Regular guests notice other things."),
    "travel": ("How do you get about?", TRAVEL, False, "So that we offer you places you can reach."),
}
HOUSEMATE = len(AMERICAN)  # Theo: he lives with Maya, who is 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One shopper as a person. number: from 0."""

    number: int
    town: str
    name: str
    email: str

    @property
    def address(self) -> Address:
        """Where they live. Theo shares Maya's door."""
        house = 0 if self.number == HOUSEMATE else self.number
        town = TOWNS[self.town]
        street = f"{house * 3 + 4} {ROADS[house % len(ROADS)]}"
        code = f"{90000 + house * 7}" if town.country == "US" else f"EH{house % 9 + 1} {house % 8 + 1}XX"
        return Address(street, town.city, town.region, code, town.country)

    @property
    def phone(self) -> str:
        """A number of the ranges that are kept for stories."""
        return f"+120255501{self.number % 100:02}" if self.is_american else f"+447700900{self.number % 1000:03}"

    @property
    def is_american(self) -> bool:
        """Whether they live where the American company works."""
        return TOWNS[self.town].country == "US"

    @property
    def registration(self) -> Registration:
        """What they type to register."""
        return Registration(self.email, self.name, self.phone, self.address)

    @property
    def details(self) -> Details:
        """What they add afterwards: by which clock they live, and in what they measure."""
        town = TOWNS[self.town]
        return Details(self.name, self.phone, self.address, town.zone, units_of(town.country))

    @property
    def start(self) -> tuple[float, float]:
        """About where they start from, in degrees."""
        north, east = TOWNS[self.town].point
        return north + self.number % 5 * 0.01, east - self.number % 3 * 0.01

    @property
    def bands(self) -> dict[str, str]:
        """What they tell of themselves."""
        return {code: bands[self.number % len(bands)][0] for code, (_, bands, _, _) in ASKED.items()}

    @property
    def payout(self) -> Payout:
        """Where their money goes: an account of a bank that does not exist."""
        number = self.number + 10_000_000
        if self.is_american:
            return Payout(PayoutKind.US_BANK, f"{ROUTING}/{number}")
        return Payout(PayoutKind.IBAN, iban(number))


def neighbours(first: int, many: int, towns: tuple[str, ...]) -> list[Neighbour]:
    """So many people from a number on, dealt out among towns."""
    return [_neighbour(number, towns[number % len(towns)]) for number in range(first, first + many)]


def iban(number: int) -> str:
    """A British account number whose check digits fit. number: eight digits."""
    whole = f"{BANK}{number}"
    turned = "".join(str(int(mark, 36)) for mark in whole[4:] + whole[:4])
    return f"GB{IBAN_FULL - int(turned) % IBAN_MODULUS:02}{whole[4:]}"


def _neighbour(number: int, town: str) -> Neighbour:
    if number == 0:
        return Neighbour(0, town, SHOPPER.name, SHOPPER.email)
    if number == HOUSEMATE:
        return Neighbour(number, town, "Theo Ellison", f"theo.ellison@people.{DOMAIN}")
    first, last = FIRST_NAMES[number * 7 % len(FIRST_NAMES)], SURNAMES[number * 5 % len(SURNAMES)]
    return Neighbour(number, town, f"{first} {last}", f"shopper.{number}@people.{DOMAIN}")
