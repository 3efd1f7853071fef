"""What erasing a shopper does to each table, read from the declarations beside the columns."""

from collections.abc import Iterable, Iterator
from types import ModuleType

from piccolo.columns import Column
from piccolo.table import Table

from privacy.inventory import Erase, Personal, declaration_of
from survey.appeals import tables as appeals
from survey.releases import tables as releases
from survey.rights import tables as rights
from survey.rights.domain import Step
from survey.shoppers import tables as shoppers
from survey.shops.board import tables as board
from survey.shops.campaigns import tables as campaigns
from survey.shops.fieldwork import tables as fieldwork
from survey.shops.payments import tables as payments
from survey.shops.reviews import tables as reviews
from survey.shops.scheduling import tables as scheduling
from survey.shops.visits import tables as visits

MODULES: tuple[ModuleType, ...] = (
    appeals, board, campaigns, fieldwork, payments, releases, reviews, rights, scheduling, shoppers, visits,
)  # fmt: skip
# How a declaration says that a report's author is meant: the row is found by its report.
OF_THE_REPORT = frozenset({
    "the shopper, by the shop's assignment",
    "the shopper and whoever is in the picture",
    "the shopper and whoever is heard or seen",
})  # fmt: skip
OWN = "shopper_id"


def plan_of(tables: Iterable[type[Table]]) -> Iterator[Step]:
    """The steps for a shopper; nothing for a table that holds nothing of one, or only what is kept."""
    for table in tables:
        columns = [column for column in table._meta.columns if is_about_a_shopper(column)]
        if not columns:
            continue
        emptied = tuple(column._meta.db_column_name for column in columns if _way(column) is not Erase.KEEP)
        if emptied:
            yield Step(name_of(table), link_of(table), emptied if _stays(columns) else ())


def is_about_a_shopper(column: Column) -> bool:
    """Whether the column holds something about a shopper, by what is declared of it."""
    declaration = declaration_of(column)
    if not isinstance(declaration, Personal):
        return False
    is_profile = column._meta.table is shoppers.Shopper and declaration.subject == "id"
    return is_profile or declaration.subject in {OWN, *OF_THE_REPORT}


def _stays(columns: list[Column]) -> bool:
    """A row stays where something of it is kept, or where all of it can be emptied and nothing asks for more."""
    ways = [_way(column) for column in columns]
    can_be_emptied = all(column._meta.null for column in columns if _way(column) is Erase.SHRED)
    return Erase.KEEP in ways or (Erase.NULL in ways and Erase.DELETE not in ways and can_be_emptied)


def _way(column: Column) -> Erase:
    declaration = declaration_of(column)
    assert isinstance(declaration, Personal)
    return declaration.on_erase


def link_of(table: type[Table]) -> str:
    """The column by which rows of a shopper are found; `report`: the report's own id."""
    names = {column._meta.db_column_name for column in table._meta.columns}
    if table is shoppers.Shopper:
        return "id"
    if OWN in names:
        return OWN
    return "report_id" if "report_id" in names else "report"


def name_of(table: type[Table]) -> str:
    """As `schema.table`."""
    return f"{table._meta.schema}.{table._meta.tablename}"


def tables_about_shoppers() -> Iterator[type[Table]]:
    """Every table of the areas that keep something about shoppers."""
    for module in MODULES:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Table) and is_of(module, value):
                yield value


def is_of(module: ModuleType, table: type[Table]) -> bool:
    """Whether the table is declared there, or in a part of it where the module is a package."""
    return f"{table.__module__}.".startswith(f"{module.__name__}.")


_EVERY = tuple(plan_of(tables_about_shoppers()))
PLAN = tuple(step for step in _EVERY if step.link != "id")
# The profile goes last and in one statement: its row is somebody or nobody, and nothing between.
(PROFILE,) = (step for step in _EVERY if step.link == "id")
