"""The tabs of a client's pages about visits: those of appeals, of plans, and of the reports that stand above. Pure."""

from collections.abc import Mapping

_TABS = (
    ("Overview", "/portal/shops/overview", "overview"),
    ("Visits", "/portal/shops", "shops"),
    ("Appeals", "/portal/appeals", "appeals"),
    ("Action plans", "/portal/plans", "plans"),
    ("Survey reports", "/portal/overview", "surveys"),
)


def tabs_of_visits(current: str) -> list[Mapping[str, object]]:
    """The tabs as the portal's layout takes them. current: the name of the one that is open."""
    return [{"label": label, "url": url, "current": name == current} for label, url, name in _TABS]
