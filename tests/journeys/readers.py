"""What a client's people do with a report of a visit: find it, ask for another visit, read what came of it."""

from .walk import Walk


async def find_the_report(phone: Walk, store: str) -> None:
    """From the portal's first page to the report of one place."""
    await phone.open("/portal")
    await phone.press("Visits")
    await phone.press(store, phone.page.get_by_role("main"))


async def ask_for_another_visit(phone: Walk, reason: str, words: str) -> None:
    """Beside the report: why, and in one's own words."""
    await phone.press("Ask for another visit")
    await phone.page.get_by_label(reason).check()
    await phone.page.get_by_label("Tell us more").fill(words)
    await phone.press("Ask for another visit")
