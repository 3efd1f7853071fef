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
        Act("See the shop and decide", slot("link")),
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
