"""Staff let things leave: the numbers of a study, the reports of shops."""

from . import shops, studies

ROUTES = (
    studies.release_page,
    studies.close_and_release,
    shops.release_list,
    shops.preview_many,
    shops.release_many,
    shops.shop_page,
    shops.release,
    shops.recall,
)
