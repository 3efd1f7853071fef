"""Visits: what one shop is, the machine that every change of its state goes through, and its timers."""
