"""Campaigns: what a client buys, in waves; publishing a wave makes its shops."""
