"""Where the database is: by DATABASE_URL, or by what the embedded one wrote when it started."""

from urllib.parse import quote

from survey.settings import Settings

from .embedded import DATABASE, running_address
from .errors import DatabaseUnavailable


def located(settings: Settings) -> str:
    """The URL to connect to; the user and password in it are replaced by those of the role."""
    if settings.database_url:
        return settings.database_url
    address = running_address(settings.data_path)
    if address is None:
        raise DatabaseUnavailable("the embedded development database is not running; start `candour demo` or `serve`")
    return url_of(*address)


def url_of(host: str, port: int, database: str = DATABASE) -> str:
    """A URL without credentials. A host that begins with a slash is the folder of a unix socket."""
    return f"postgresql:///{quote(database)}?host={quote(host, safe='')}&port={port}"
