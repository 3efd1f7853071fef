"""Eligibility: who may make which shop, when, and if not, why not. One pure function; facts of one affiliate only."""
