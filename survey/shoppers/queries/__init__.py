"""Every statement about shoppers, by what it serves; each says as which role it runs."""

from . import addresses, choosing, letters, money, own, registering, rules, staff, standing, telling

__all__ = ["addresses", "choosing", "letters", "money", "own", "registering", "rules", "staff", "standing", "telling"]
