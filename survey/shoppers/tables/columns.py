"""How columns about shoppers are classified: what has its row to themselves, and what hangs on the profile."""

from typing import TypeVar

from piccolo.columns.base import Column

from privacy.inventory import Category, Erase, Release, Retention, personal

C = TypeVar("C", bound=Column)

WITH_THE_PROFILE = Retention(
    "shopper profiles", days=730, counted_from="the last shop or sign-in", sweep="rights.forget_idle"
)
MATCH = ("offer a shopper the shops that suit them", "let a scheduler reach whoever makes a visit")
QUALIFY = ("see whether a shopper has what a campaign needs",)


def beside(
    column: C,
    category: Category,
    purposes: tuple[str, ...] = MATCH,
    on_erase: Erase = Erase.DELETE,
    retention: Retention = WITH_THE_PROFILE,
) -> C:
    """A column of a row that hangs on a shopper."""
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=purposes,
        retention=retention,
        on_erase=on_erase,
        release=Release.NEVER,
    )
