"""Shoppers: people who register with one affiliate to make visits. One row per person and affiliate."""
