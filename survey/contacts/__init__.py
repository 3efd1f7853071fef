"""People on a client's customer list: how they come in, are looked up, and go out again."""
