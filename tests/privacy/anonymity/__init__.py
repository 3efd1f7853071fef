"""The pure numbers of anonymity."""
