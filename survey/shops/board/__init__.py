"""The shopper's side of mystery shops: what is on offer, what one has taken, and what one has to say about it."""
