"""Answering: what a respondent sees behind the link, and what is kept of it."""
