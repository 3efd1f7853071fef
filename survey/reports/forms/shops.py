"""From the URL's query to which visits are asked for."""

from collections.abc import Mapping

from survey.reports.domain.shops import BAND_WORDS, THEIRS, ShopsWanted

from .surveys import id_in


def shops_wanted(query: Mapping[str, str]) -> ShopsWanted:
    """What the URL names; a band that there is not asks for all. Raises NotFound for an id that cannot be one."""
    band = query.get("score", "")
    chosen = band if band in BAND_WORDS else ""
    return ShopsWanted(id_in(query, "wave"), id_in(query, "place"), chosen, query.get("whose") == THEIRS)
