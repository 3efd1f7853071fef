"""How customer lists come in."""
