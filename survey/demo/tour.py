"""The way of two minutes through the demo: who to be, and where each sign-in leads."""

from dataclasses import dataclass

from .cast import ADMINISTRATOR, EDITOR, HEADQUARTERS, SCHEDULER, SHOPPER, STORE, Player

# Where a report waits whose story holds a name and a card number.
REVEALING = "CK-002"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop. path: a page, in which {shop} stands for the id of the report that waits at REVEALING.

    {wave} stands for the newest wave that all regions have made: by the time of that stop the next one has begun.
    """

    minute: str
    player: Player
    words: str
    path: str


TOUR: tuple[Stop, ...] = (
    Stop("0:00", SHOPPER, "Maya’s board: nine shops she may do, and one where she was 41 days ago", "/shopper/board"),
    Stop("0:20", SCHEDULER, "Five shops at risk; one that nobody came to was offered again minutes ago", "/shops/risk"),
    Stop("0:40", EDITOR, "A report with a name and a card number in its story", "/reviews/{shop}"),
    Stop("1:05", HEADQUARTERS, "The West is down six points: find the question, and who was not greeted",
         "/portal/shops/overview?wave={wave}"),
    Stop("1:15", STORE, "The same as one store’s manager sees it", "/portal/shops"),
    Stop("1:25", ADMINISTRATOR, "Prove it: search for shoppers with everybody’s eyes, then one visit seen twice",
         "/promises/proof"),
    Stop("1:45", SHOPPER, "What would stay without Maya; who looked at her profile is a click away",
         "/shopper/profile/erase"),
)  # fmt: skip
