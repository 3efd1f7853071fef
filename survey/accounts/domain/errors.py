"""What accounts refuse, in words for the page. None names a person."""


class AccountProblem(Exception):
    """A rule of accounts; `text` is for the visitor's eyes."""

    text = "That is not possible."

    def __init__(self) -> None:
        super().__init__(self.text)


class TakenAddress(AccountProblem):
    """The affiliate has an account with this address."""

    text = "Somebody with this address has an account here already. Look for the address in the list."


class LastAdministrator(AccountProblem):
    """An affiliate without an administrator could not invite one."""

    text = "This is the last administrator. Make somebody else an administrator first."


class NotYourself(AccountProblem):
    """Nobody changes their own role or shuts themselves out."""

    text = "You cannot change your own role or disable yourself. Ask another administrator."


class AlwaysAll(AccountProblem):
    """The role sees the whole affiliate by what it is for."""

    text = "This role works for every client. Change the role first."


class WrongPassword(AccountProblem):
    """Not the present password."""

    text = "That is not your present password."


class WrongCode(AccountProblem):
    """Not the code of this half minute, or one that was used."""

    text = "That code does not fit. Codes change every 30 seconds, and each works once: wait for the next one."


class FactorRequired(AccountProblem):
    """The affiliate obliges everybody to a second factor."""

    text = "Your company requires a second factor, so it cannot be switched off."
