"""Fieldwork: the shopper's report of one visit, with its pictures and receipt."""
