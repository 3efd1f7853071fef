"""How each promise is checked: one function a promise, against the live database and deployment."""
