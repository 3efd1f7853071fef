"""Whole-number rounding, the same on every machine: to a base, and shares so coarse that they do not tell n."""

from collections.abc import Sequence

BASE = 5
SHARE_STEPS_PERCENT = (1, 5, 10, 20)


def to_base(count: int, base: int = BASE) -> int:
    """The count rounded to the nearest multiple of the base, halves upwards."""
    return (2 * count + base) // (2 * base) * base


def share_percent(count: int, n: int, step: int = 1) -> int:
    """count / n in percent, to the nearest multiple of step, halves upwards."""
    return (200 * count + step * n) // (2 * step * n) * step


def hiding_step(counts: Sequence[int], n: int, k: int, *, is_exclusive: bool) -> int | None:
    """The finest step at which the rounded shares fit every n from k and n-k+1 to n+k-1 alike, or None.

    Then whoever knows how many people there are, and that fewer than k of them gave no answer, learns nothing more
    about how many did. `is_exclusive`: one option a person, so the counts add up to n.
    """
    for step in SHARE_STEPS_PERCENT:
        shares = [share_percent(count, n, step) for count in counts]
        if all(_fits(shares, other, step, is_exclusive) for other in range(max(k, n - k + 1), n + k)):
            return step
    return None


def _fits(shares: Sequence[int], n: int, step: int, is_exclusive: bool) -> bool:
    """Whether some counts of n people have these shares."""
    least = [max(0, _ceiling(n * (2 * share - step), 200)) for share in shares]
    most = [min(n, _ceiling(n * (2 * share + step), 200) - 1) for share in shares]
    if any(low > high for low, high in zip(least, most, strict=True)):
        return False
    return not is_exclusive or sum(least) <= n <= sum(most)


def _ceiling(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
