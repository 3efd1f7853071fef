"""The style guide on a port of its own, rendered by plain Jinja under the product's content security policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from markupsafe import Markup

from tests.structure.templates import ENVIRONMENT, ROOT

ROOMS = ("working", "answering", "reading", "public")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MEDIA = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
FRAGMENT = b'<p class="error-summary" tabindex="-1">Choose one</p>'
AREAS = [("Clients", "building-2"), ("Contacts", "users"), ("Studies", "send"), ("Reports", "chart-column")]


def page(room: str, direction: str = "ltr") -> str:
    """One room of the style guide."""
    ENVIRONMENT.globals["static"] = lambda name: f"/static/{name}"
    areas = [{"label": label, "url": f"/{label}", "icon": icon, "current": label == "Clients"} for label, icon in AREAS]
    return ENVIRONMENT.get_template("dev/styleguide.html").render(
        room=room,
        direction=direction,
        path="/dev/styleguide",
        nav=areas,
        flashes=[("good", "The client was saved.")],
        client_name="Brightwell Homeware",
        viewer_name="Amara Okonkwo",
        csrf_field=lambda: Markup('<input type="hidden" name="csrf" value="x">'),
    )


class Handler(BaseHTTPRequestHandler):
    """Pages by ?room=…&direction=…, and our static files."""

    def do_GET(self) -> None:
        """A file of ours, a fragment, else the page."""
        address = urlsplit(self.path)
        if address.path == "/fragment":
            return self.answer(FRAGMENT, "text/html", {"HX-Trigger": '{"announce": "Saved 14:03"}'})
        if address.path.startswith("/static/"):
            body, media = (ROOT / address.path[1:]).read_bytes(), MEDIA[address.path.rpartition(".")[2]]
        else:
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            body, media = page(asked.get("room", "working"), asked.get("direction", "ltr")).encode(), "text/html"
        return self.answer(body, media, {})

    def answer(self, body: bytes, media: str, headers: dict[str, str]) -> None:
        """Send it, under the product's policy."""
        self.send_response(200)
        for name, value in {
            "content-type": f"{media}; charset=utf-8",
            "content-security-policy": POLICY,
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the tests look at the browser."""


@contextmanager
def opened() -> Iterator[str]:
    """The address of the gallery while it is open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
