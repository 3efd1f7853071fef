"""Where the database is: by DATABASE_URL, or by what the embedded one wrote when it started."""

from survey.settings import Settings

from .embedded import running_address, url_of
from .errors import DatabaseUnavailable


def located(settings: Settings) -> str:
    """The URL to connect to; the user and password in it are replaced by those of the role."""
    if settings.database_url:
        return settings.database_url
    address = running_address(settings.data_path)
    if address is None:
        raise DatabaseUnavailable("the embedded development database is not running; start `candour demo` or `serve`")
    return url_of(*address)
