"""The pages behind /s/{token}. GET never changes anything: mail scanners follow links, and some run scripts.

The token is the key; the cookie only tells this browser from another, so answering works where it is refused.
A form here needs no CSRF token: whoever could forge one would need the secret link in its address.
"""

from .check import send, show_check
from .door import enter, leave, show_door, show_stop
from .sections import keep_section, show_section

ROUTES = (show_door, enter, show_stop, leave, show_section, keep_section, show_check, send)
