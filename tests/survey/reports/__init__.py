"""What a client reads, and what it cannot."""
