"""Tenants: the research companies that use the platform, and the provider who runs it."""
