"""/dev/styleguide: every component in every room of the house."""

from survey.web import Page, Request, get_page, public, render

ROOMS = ("working", "answering", "reading", "public")
SAMPLE = {
    "flashes": (("good", "The client was saved."),),
    "client_name": "Brightwell Homeware",
    "viewer_name": "Amara Okonkwo",
    "direction": "ltr",
}


@get_page("/dev/styleguide", public("it shows components and nothing of anybody"))
async def styleguide(request: Request) -> Page:
    """One room, chosen by ?room=."""
    wanted = request.query_params.get("room", ROOMS[0])
    room = wanted if wanted in ROOMS else ROOMS[0]
    nav = [{"label": name.title(), "url": f"/dev/styleguide?room={name}", "icon": "send", "current": name == room}
           for name in ROOMS]  # fmt: skip
    return render(request, "dev/styleguide.html", room=room, nav=nav, **SAMPLE)
