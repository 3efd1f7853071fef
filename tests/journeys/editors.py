"""What an editor does: read a report beside its evidence, send it back, mend it in the open, grade it, let it leave."""

from .walk import Walk


async def pick_up(desk: Walk) -> None:
    """The report that waits longest."""
    await desk.press("Reviews")
    await desk.page.locator("tbody a").first.click()
    await desk.page.get_by_role("heading", name="Decision").wait_for()
    await desk.look()
    await desk.press("Pick it up")


async def send_it_back(desk: Walk, question: str, note: str) -> None:
    """A note about one question, and back to the shopper."""
    await desk.page.get_by_label("About").select_option(label=question)
    await desk.page.get_by_label("What should the shopper do?").fill(note)
    await desk.press("Add the note")
    await desk.press("Return it with the notes")


async def mend_an_answer(desk: Walk, question: str, answer: str, reason: str) -> None:
    """Another answer, and why."""
    await desk.press(f"Change {question}")
    await desk.page.get_by_label(answer, exact=True).check()
    await desk.page.get_by_label("Why?").fill(reason)
    await desk.press("Change the answer")


async def take_names_out(desk: Walk) -> None:
    """Whatever the scan of the texts found, until nothing is left."""
    found = desk.page.locator("#findings")
    while await found.get_by_role("button", name="Replace").count():
        await desk.press("Replace", found)


async def approve(desk: Walk, coaching: str) -> None:
    """The best grade in each part."""
    await desk.press("Grade and approve")
    for group in await desk.page.get_by_role("group").all():
        await group.get_by_role("radio").first.check()
    await desk.page.get_by_label("A word to the shopper").fill(coaching)
    await desk.page.get_by_label("I have read it").check()
    await desk.press("Approve the report")


async def release(desk: Walk) -> None:
    """Look at what the client will get, and let it go."""
    await desk.press("See what the client will get")
    await desk.press("Release to the client")
