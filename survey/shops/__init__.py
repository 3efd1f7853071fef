"""Mystery shops: campaigns, visits, and everything that happens to one visit until it is paid."""
