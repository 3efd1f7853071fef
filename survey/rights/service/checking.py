"""Whether a message is ours, for whoever got one; and whom to tell of one that is not."""

from datetime import date
from urllib.parse import quote

from survey.db import connection
from survey.mail import service as mail
from survey.mail.domain import Genuine, read_code
from survey.rights import queries
from survey.settings import Settings

SUBJECT = "A message in your name"
BODY = """I got a message that says it is from you or from a company that works with you.

The code in it: {code}
The address it came from:
The day it came:
What it wants me to do:

(Please attach the message itself, if your mail program can.)
"""


async def checked(settings: Settings, code: str, address: str, today: date) -> Genuine | None:
    """What is known of the code that was typed; None: it is none of ours, or too old. Role.DESK."""
    return await mail.check(connection(), settings.index_key, code, address, today)


async def report_url(code: str) -> str:
    """A letter to whoever runs the platform about a message that is not ours, to be finished; or an empty text."""
    contact = await queries.platform_contact()
    if not contact:
        return ""
    body = BODY.format(code=read_code(code) or "").replace("\n", "\r\n")
    return f"mailto:{quote(contact, safe='@')}?subject={quote(SUBJECT)}&body={quote(body)}"
