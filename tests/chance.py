"""Pages without what is drawn at random: in it, a few digits that a test looks for turn up by chance."""

import re

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FILE = re.compile(r"/static/[^\"'\s]+")  # with a digest in its name
_TOKEN = re.compile(r'name="csrf" value="[^"]+"')


def without_chance(page: str) -> str:
    """The page without ids, tokens of forms and names of our own files."""
    return _ID.sub("", _TOKEN.sub("", _FILE.sub("", page)))
