"""How the statements of reports say a place and all below it."""

PATH_STEP = 33  # what one more level adds to a path: 32 hexadecimal digits and a slash


def at_or_below(path: str, of: str = "r") -> str:
    """That a report lies at a place or below. path: the place's, as SQL; of: what the reports are called.

    Paths are hexadecimal digits and slashes. As a range, other than with starts_with, an index answers it: what begins
    with a path lies, byte by byte, between it and the path with a letter behind it that no path has.
    """
    return f"""({of}.node_path COLLATE "C" >= {path} AND {of}.node_path COLLATE "C" < {path} || 'g')"""
