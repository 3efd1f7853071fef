"""The words of mail to shoppers about their shops, with slots for each shop's own."""

from survey.mail.domain import Act, Facts, Heading, Letter, Paragraph, slot
from survey.shops.visits.domain import ApplicationState

from ..domain import Step

FACTS = Facts((("Shop", slot("ref")), ("When", slot("day")), ("Pay", slot("pay")), ("Report due", slot("due"))))
REMINDING = {
    Step.THREE: ("Your shop in three days", "In three days you are going to make a shop."),
    Step.ONE: ("Your shop tomorrow", "Tomorrow you are going to make a shop."),
    Step.DUE: ("Your report is due today", "The report of your shop is due today."),
}

OFFER = Letter(
    subject="A shop is offered to you",
    preview="Take it or leave it: both are one click.",
    blocks=(
        Heading("Would you like to make this shop?"),
        FACTS,
        Paragraph(f"The offer stands until {slot('answer')}."),
        Act("See the shop and decide", slot("offer")),
        Paragraph("If you say nothing, it is offered to somebody else later. That does not count against you."),
    ),
)
ASSIGNED = Letter(
    subject="You have a new shop",
    preview="Read the guidelines before you go.",
    blocks=(
        Heading("This shop is yours"),
        FACTS,
        Act("Open the shop", slot("link")),
        Paragraph("If you cannot go, give it back there before the day: that does not count against you."),
    ),
)
TAKEN_BACK = Letter(
    subject="A shop is no longer yours",
    preview="Please do not make this visit.",
    blocks=(
        Heading("Please do not make this visit"),
        Paragraph(f"Shop {slot('ref')} is no longer yours: it was taken back, or its time is over."),
        Act("See your shops", slot("mine")),
        Paragraph("If you think that this is a mistake, write to your scheduler there."),
    ),
)
TAKEN_BACK_WITH_A_MARK = Letter(
    subject="A shop is no longer yours, and a mark is proposed",
    preview="Please do not make this visit. Say what happened before anybody decides.",
    blocks=(
        Heading("Please do not make this visit"),
        Paragraph(f"Shop {slot('ref')} is no longer yours: no report of it came in time."),
        Paragraph(
            "Our program has proposed a mark for that. Nobody has decided yet: a person does, and reads first what you"
            " say about it."
        ),
        Act("Say what happened", slot("marks")),
    ),
)
PLACE_CLOSED = Letter(
    subject="A visit is off: the place has closed",
    preview="Please do not make this visit. It does not count against you.",
    blocks=(
        Heading("The place has closed"),
        Paragraph(
            f"Shop {slot('ref')} was to be made {slot('day')}. Its place has closed, and the visit is cancelled."
        ),
        Paragraph("You need not do anything, and it does not count against you."),
        Act("See your shops", slot("mine")),
        Paragraph("If you have been there already, write to your scheduler there."),
    ),
)
MOVED = Letter(
    subject="Your shop has moved to other days",
    preview="See when you can go now.",
    blocks=(
        Heading("When you can go has changed"),
        FACTS,
        Act("Open the shop", slot("link")),
        Paragraph(
            "If you cannot go then, ask for another day there, or give it back before the day: neither counts against"
            " you."
        ),
    ),
)
REMINDERS = {
    step: Letter(
        subject=subject,
        preview=sentence,
        blocks=(
            Heading(subject),
            Paragraph(sentence),
            FACTS,
            Act("Open the shop", slot("link")),
            Paragraph("If something has come up, tell your scheduler there."),
        ),
    )
    for step, (subject, sentence) in REMINDING.items()
}
_GOES_BACK = Paragraph(
    f"Send it before {slot('until')}. Otherwise the shop goes back to the board by itself, and one of us decides"
    " whether that counts."
)


def _warning(subject: str, sentence: str) -> Letter:
    return Letter(
        subject=subject,
        preview=sentence,
        blocks=(
            Heading(subject),
            Paragraph(sentence),
            _GOES_BACK,
            FACTS,
            Act("Open the shop", slot("link")),
            Paragraph("If you cannot, give it back or tell your scheduler there."),
        ),
    )


REMINDERS |= {
    Step.LATE: _warning("Your report is late", "The report of your shop was due, and we have not got it yet."),
    Step.LAST: _warning("Your shop is about to go back", "We still have no report of your shop."),
}
MESSAGE = Letter(
    subject="A message from your scheduler",
    preview="Read it and answer on your own pages.",
    blocks=(Heading("Your scheduler has written to you"), Act("Read and answer", slot("link"))),
)

_COUNTS_NOT = Paragraph("That you asked does not count against you. The board shows what else there is near you.")


def _answer(heading: str, sentence: str) -> Letter:
    return Letter(
        subject="An answer to your application",
        preview="The job board shows what else there is.",
        blocks=(
            Heading(heading),
            Paragraph(f"You asked for shop {slot('ref')}. {sentence}"),
            Act("Open the job board", slot("link")),
            _COUNTS_NOT,
        ),
    )


# By how an application ended. Whoever is given the shop hears of that instead.
ANSWERS = {
    ApplicationState.SUPERSEDED: _answer("Somebody else makes this visit", "It went to somebody else."),
    ApplicationState.DECLINED: _answer("This one did not work out", slot("reason")),
    ApplicationState.EXPIRED: _answer("Nobody makes this visit any more", "It is not needed any more."),
}
