"""Attacks that cross from one role or tenant to another, on a world that went the product's whole way."""
