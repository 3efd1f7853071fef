"""The parameters of a statement that is put together."""


class Asked:
    """The parameters of one statement, in the order in which they were asked for."""

    def __init__(self, *values: object) -> None:
        self.values: list[object] = list(values)

    def __call__(self, value: object) -> str:
        """The place of one more value."""
        self.values.append(value)
        return f"${len(self.values)}"
