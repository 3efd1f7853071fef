"""The client's pages: reports of surveys and of visits, and each of them as a file."""

from . import shops, surveys
from .checking import OPEN
from .surveys import TABS

__all__ = ["OPEN", "ROUTES", "TABS"]

ROUTES = (
    surveys.home,
    surveys.report_list,
    surveys.report_file,
    surveys.report_page,
    shops.shop_list,
    shops.list_file,
    shops.overview_page,
    shops.question_page,
    shops.overview_file,
    shops.shop_page,
    shops.shop_file,
    shops.picture,
)
