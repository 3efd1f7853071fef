"""How fast we may write to the relay, and when we had better not write at all. `now` is an argument, in seconds."""

from dataclasses import dataclass

MINUTE_SECONDS = 60.0
SLOWEST_PER_MINUTE = 1.0
FIRST_GUESS_PER_MINUTE = 600.0
RECOVERY = 1.1
CONNECT_SECONDS = 5.0
LONGEST_CONNECT_SECONDS = 300.0
REFUSED_SECONDS = 900.0


@dataclass
class Pacer:
    """Messages per minute, evenly spread. limit 0: as fast as the relay takes them.

    After a complaint of the relay the rate is halved, and grows by a tenth a minute until it is back (AIMD).
    """

    limit_per_minute: float = 0.0
    _slowed_to: float = 0.0
    _changed_at: float = 0.0
    _next_at: float = 0.0

    def wait_seconds(self, now: float) -> float:
        """Take a place in the line, and say how long to wait for it."""
        rate = self.rate_per_minute(now)
        if not rate:
            return 0.0
        begins = max(now, self._next_at)
        self._next_at = begins + MINUTE_SECONDS / rate
        return begins - now

    def slow_down(self, now: float) -> None:
        """Halve the rate. Complaints within the same minute count once: they are about the same haste."""
        if self._slowed_to and now - self._changed_at < MINUTE_SECONDS:
            return
        present = self.rate_per_minute(now) or FIRST_GUESS_PER_MINUTE
        self._slowed_to = max(present / 2, SLOWEST_PER_MINUTE)
        self._changed_at = now

    def rate_per_minute(self, now: float) -> float:
        """The present rate; 0 is no limit."""
        if not self._slowed_to:
            return self.limit_per_minute
        minutes = int((now - self._changed_at) // MINUTE_SECONDS)
        rate: float = self._slowed_to * RECOVERY**minutes
        ceiling = self.limit_per_minute or FIRST_GUESS_PER_MINUTE
        if rate >= ceiling:
            self._slowed_to = 0.0
            return self.limit_per_minute
        return rate


@dataclass
class Breaker:
    """Opens when the relay cannot be reached or will not have us; one message at a time tries whether that is over."""

    failures: int = 0
    paused_until: float = 0.0

    @property
    def is_probing(self) -> bool:
        """Whether nothing has gone well since the last trouble."""
        return self.failures > 0

    def pause_seconds(self, now: float) -> float:
        """How long to leave the relay alone."""
        return max(0.0, self.paused_until - now)

    def trip(self, now: float, *, is_refused: bool) -> None:
        """Note trouble. Lanes that fail together count once."""
        if now < self.paused_until:
            return
        wait = REFUSED_SECONDS if is_refused else min(CONNECT_SECONDS * 2**self.failures, LONGEST_CONNECT_SECONDS)
        self.failures += 1
        self.paused_until = now + wait

    def close(self) -> bool:
        """Note that a message went through; whether that ends trouble."""
        was_open = self.failures > 0
        self.failures, self.paused_until = 0, 0.0
        return was_open
