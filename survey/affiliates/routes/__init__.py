"""The provider's list of affiliates, and an affiliate's own settings and looks."""

from .brand import FETCHED
from .brand import ROUTES as BRAND
from .provider import affiliate_list, resume, suspend
from .shops import save_shop_terms, shop_terms_page
from .tenant import save_settings, settings_page

__all__ = ["FETCHED", "ROUTES"]

ROUTES = (
    affiliate_list,
    suspend,
    resume,
    settings_page,
    save_settings,
    shop_terms_page,
    save_shop_terms,
    *BRAND,
)
