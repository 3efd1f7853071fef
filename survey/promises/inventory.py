"""Every table of the house in one place: what the start, the data map and the promises look at."""

from types import ModuleType

from piccolo.table import Table

from privacy.audit import tables as audit
from privacy.consents import tables as consents
from privacy.disclosures import tables as disclosures
from privacy.inventory import check
from privacy.optouts import tables as optouts
from privacy.vault import tables as vault
from survey.accounts import tables as accounts
from survey.affiliates import tables as affiliates
from survey.appeals import tables as appeals
from survey.clients import tables as clients
from survey.contacts import tables as contacts
from survey.invitations import tables as invitations
from survey.mail import tables as mail
from survey.panels import tables as panels
from survey.questionnaires import tables as questionnaires
from survey.queue import tables as queue
from survey.releases import tables as releases
from survey.responses import tables as responses
from survey.rights import tables as rights
from survey.shoppers import tables as shoppers
from survey.shops.board import tables as board
from survey.shops.campaigns import tables as campaigns
from survey.shops.fieldwork import tables as fieldwork
from survey.shops.payments import tables as payments
from survey.shops.reviews import tables as reviews
from survey.shops.scheduling import tables as scheduling
from survey.shops.visits import tables as visits
from survey.studies import tables as studies
from survey.web import tables as web

from . import tables as promises

MODULES: tuple[ModuleType, ...] = (
    audit, consents, disclosures, optouts, vault, accounts, affiliates, clients, contacts, invitations, mail, panels,
    promises, questionnaires, queue, releases, responses, studies, web, shoppers, campaigns, fieldwork, visits,
    scheduling, reviews, payments, appeals, board, rights,
)  # fmt: skip


def every_table() -> list[type[Table]]:
    """The table classes of every area and of the privacy library."""
    return [thing for module in MODULES for thing in vars(module).values() if _is_own_table(thing, module)]


def stop_at_unclassified() -> None:
    """Raises Unclassified, which stops the start: a column of which nobody has said what it is may not be used."""
    check(every_table())


def _is_own_table(thing: object, module: ModuleType) -> bool:
    return (
        isinstance(thing, type)
        and issubclass(thing, Table)
        and thing is not Table
        and f"{thing.__module__}.".startswith(f"{module.__name__}.")
    )
