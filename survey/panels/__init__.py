"""Opt-in panels: people who agreed, in words that are kept, to be asked now and then."""
