"""The pages of invitations."""

from .launching import launch
from .log import address_page, log_csv, log_page

ROUTES = (launch, log_page, log_csv, address_page)
