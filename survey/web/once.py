"""A form for something new that is sent twice makes one thing: its row's id follows from a word that the form carries.

A double press, or a page sent again after the way back, meets the row that is there: the visitor is led to it.
"""

import re
from collections.abc import Awaitable
from uuid import UUID

from privacy.crypto import UUID_BYTES, random_bytes, random_id, sha256
from survey.db import NotFound, Scope

from .forms import Form

FIELD = "once"
MADE = "You made this already: here it is."
WORD_BYTES = 16
_WORD = re.compile(r"[0-9a-f]{32}")


def once(form: Form) -> Form:
    """The form with its word, which stays the same while it is shown again with messages."""
    if not _WORD.fullmatch(form[FIELD]):
        form.raw[FIELD] = [random_bytes(WORD_BYTES).hex()]
    return form


def id_once(scope: Scope, form: Form) -> UUID:
    """The id of what the form makes. Of another account the same word leads elsewhere; without one it is random."""
    if not _WORD.fullmatch(form[FIELD]):
        return random_id()
    digest = sha256(f"once {scope.affiliate_id} {scope.account_id} {form[FIELD]}".encode())
    return UUID(bytes=digest[:UUID_BYTES], version=4)


async def is_there(found: Awaitable[object]) -> bool:
    """Whether a look-up that raises NotFound finds something."""
    try:
        await found
    except NotFound:
        return False
    return True
