"""The whole way through the product, in a real browser, on the real site."""
