"""What the letters say. Each is the same for everybody in one state, so that it is compiled once."""

from survey.mail.domain import Act, Block, Heading, Letter, Paragraph, slot

from ..domain import CONFIRM_DAYS, Person, Status

SHUT = ("Your profile is deactivated", "You can take no shops of {company} at present. Sign in to read the reason;"
         " there you can also say what is wrong about it, and a person decides again.")  # fmt: skip
OPEN = ("Your profile is active again", "You can take shops of {company} again.")
PAUSED = ("Your profile is open again", "You can sign in to your profile at {company} again. It is paused: you are"
          " offered shops once you take up work again there.")  # fmt: skip
STANDS = ("We have looked again", "What you wrote to {company} was read. The decision stands; you find it on your"
           " page.")  # fmt: skip

CHECKED = ("We have looked at your document", "The document that you sent to {company} was looked at. Sign in to read"
           " what came of it.")  # fmt: skip


READY = ("Your copy is ready", "The copy of what {company} holds about you is ready. Sign in and open your profile to"
         " fetch it; in seven days it is removed.")  # fmt: skip


RESTRICTED = ("We have answered your request", "You asked {company} to restrict what is done with your data. Sign in"
              " and open “Everything we hold about you” to read the answer.")  # fmt: skip


def reopened(company: str, person: Person) -> Letter:
    """What whoever was deactivated is written: whether shops can be taken at once, or the profile is paused."""
    return decided(company, PAUSED if person.status == Status.PAUSED else OPEN)


def asked(company: str, person: Person) -> Letter:
    """What whoever registers is written: it depends on where they stand at this affiliate, and on nothing else."""
    match person.status:
        case Status.PENDING:
            return _asking(company)
        case Status.DEACTIVATED:
            return decided(company, SHUT)
        case _:
            return _known(company)


def _asking(company: str) -> Letter:
    return Letter(
        subject=f"Confirm your registration with {company}",
        preview="One more step, and you can take shops.",
        blocks=(
            Heading("Is this your address?"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"somebody, we hope you, wants to register as a mystery shopper with {company}."),
            Act("Yes, go on", slot("link")),
            Paragraph(
                f"The link works for {CONFIRM_DAYS} days. You choose a password there, or use the one of the sign-in"
                " that you have here already."
            ),
            Paragraph("If it was not you, do nothing: what was typed is forgotten after a week."),
        ),
    )


def changing(company: str) -> Letter:
    """Is this your new address?"""
    return Letter(
        subject=f"Your new address at {company}",
        preview="One click, and we write to you here.",
        blocks=(
            Heading("Is this your new address?"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"your profile at {company} is to have this address from now on."),
            Act("Yes, write to me here", slot("link")),
            Paragraph("The link works for one day. If it was not you, do nothing: nothing changes."),
        ),
    )


def _known(company: str) -> Letter:
    return Letter(
        subject=f"You are registered with {company} already",
        preview="Sign in with the password you have.",
        blocks=(
            Heading("You are registered already"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"this address was entered to register with {company}, where you have a profile."),
            Act("Sign in", slot("sign_in")),
            Paragraph("If it was not you, do nothing: nothing was changed."),
        ),
    )


def decided(company: str, said: tuple[str, str]) -> Letter:
    """Something was decided; the reason is on the page behind the sign-in, not in a mail."""
    title, text = said
    blocks: tuple[Block, ...] = (
        Heading(title),
        Paragraph(f"Hello {slot('name')},"),
        Paragraph(text.format(company=company)),
        Act("Sign in", slot("sign_in")),
    )
    return Letter(subject=f"{title}: {company}", preview="Sign in to see more.", blocks=blocks)


def idle(company: str) -> Letter:
    """The profile is about to go. Nothing has to be done, and one click keeps it."""
    return Letter(
        subject=f"Your profile at {company} is about to be erased",
        preview="One click keeps it.",
        blocks=(
            Heading("Shall we keep your profile?"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(
                f"you have neither signed in nor made a shop for {company} for nearly two years. After two years we"
                " erase profiles: yours goes in thirty days, with all that is in it."
            ),
            Act("Keep my profile", slot("link")),
            Paragraph("Signing in keeps it too. If you do not need it any more, do nothing."),
        ),
    )
