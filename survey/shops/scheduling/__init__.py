"""Staff's side of shops: the board, bulk acts, one shop's page, messages with shoppers."""
