"""Client businesses, the permissions they give, and the tree of their locations."""
