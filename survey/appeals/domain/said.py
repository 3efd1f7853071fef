"""What a portal's page says after a form. The portal's role writes no session, so the address carries a word for it.

The words are fixed, name nobody, and say no more than the page below them: whoever writes the address by hand makes
the page say a sentence that may not be true of it, and nothing else.
"""

from collections.abc import Mapping

from .appeals import AppealEvent
from .plans import PlanEvent
from .wishes import WishState

SAID: Mapping[str, str] = {
    "raised": "Your appeal has been sent. Its state stands at the answer; you get a mail when it is answered.",
    AppealEvent.CLIENT_REPLIED: "Your reply has been sent.",
    AppealEvent.BACK: "You stand behind the appeal. Whoever looks at it reads so.",
    AppealEvent.WITHDRAW: "The appeal is withdrawn.",
    AppealEvent.STOP: "The appeal is declined for the location. Nothing of the report changes.",
    "opened": "The plan is open. Write what is done about it, and hand it in.",
    PlanEvent.SAVE: "The draft is saved. It has not been handed in.",
    PlanEvent.SUBMIT: "The plan is handed in. Somebody above the location looks at it.",
    PlanEvent.TAKE_UP: "You look at the plan now.",
    PlanEvent.RETURN: "The plan is back at the location, with your remark.",
    PlanEvent.RESOLVE: "The plan is done.",
    WishState.ASKED: "Your wish for another visit has been sent. You get a mail when it is answered.",
    WishState.WITHDRAWN: "The wish for another visit is withdrawn.",
}


def notices(said: str) -> tuple[tuple[str, str], ...]:
    """The notice above a page whose address says this word: (kind, text), or none for a word that nobody says."""
    return (("good", SAID[said]),) if said in SAID else ()
