"""The demo: a living world made by the product's own services, and the processes that show it."""
