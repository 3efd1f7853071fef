"""The web kernel with the sample area instead of the product's own."""

from pathlib import Path

import pytest

from survey.settings import Settings
from survey.web.application import application
from survey.web.front import Front
from survey.web.rendering import TEMPLATES, Entry, Renderer
from survey.web.static import Assets
from tests.web_client import Clock, clock, site  # noqa: F401 - fixtures

from .sample import PORTAL_ROUTES, ROUTES

SAMPLE_TEMPLATES = Path(__file__).parent / "templates"
NAVIGATION = (
    Entry("Sample", "/sample", "square", frozenset({"manager"})),
    Entry("Platform", "/platform", "square", frozenset({"provider"})),
)


@pytest.fixture(scope="session")
def front(settings: Settings, clock: Clock) -> Front:  # noqa: F811 - the fixture of the same name
    """The sample site."""
    return front_of(settings, clock)


def front_of(settings: Settings, clock: Clock) -> Front:  # noqa: F811
    """A sample site with these settings."""
    assets = Assets()
    renderer = Renderer(settings, assets.url, NAVIGATION, (TEMPLATES, SAMPLE_TEMPLATES))
    portal = application(settings, PORTAL_ROUTES, renderer, clock=clock)
    return Front(settings, assets, [("/portal", portal), ("/", application(settings, ROUTES, renderer, clock=clock))])
