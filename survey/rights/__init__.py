"""What a person can do about their own data, without an account: stop mail, and undo that."""
