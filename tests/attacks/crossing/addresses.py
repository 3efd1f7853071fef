"""Every route of the site with the ids of one affiliate in its place. An unknown parameter stops the tests."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from litestar import Litestar
from litestar.routes import HTTPRoute

from survey.appeals.domain import AppealEvent
from survey.releases.forms import RECALL_REASONS
from survey.reports.domain import FileKind
from survey.reports.routes.surveys import TABS
from survey.shops.campaigns.forms import CHANGES_OF
from survey.shops.payments import service as payments
from survey.studies.domain import Part
from survey.web.front import Front
from survey.web.guards import Access
from survey.web.routing import TERMS

PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
# What stands in a path beside ids. A token is a secret that only its holder has: here it is a wrong one.
WORDS: Mapping[tuple[str, str], Sequence[str]] = {
    ("/studies", "name"): list(Part),
    ("/campaigns", "name"): list(CHANGES_OF),
    ("/campaigns", "number"): ["1"],
    ("/reviews", "name"): ["improve", "clean"],
    ("/portal", "name"): list(TABS),
    ("/portal", "kind"): [*FileKind, "pdf"],
    ("/questionnaires", "number"): ["1"],
    ("/questionnaires", "slug"): ["visit", "improve"],
    ("/s", "number"): ["1"],
    ("/s", "token"): ["wrong"],
    ("/brand", "kind"): ["0b5c67"],
    ("/brand", "name"): ["wrong"],
    ("/keep", "token"): ["wrong"],
    ("/o", "token"): ["wrong"],
    ("/reset", "token"): ["wrong"],
    ("/welcome", "token"): ["wrong"],
    ("/join", "token"): ["wrong"],
    ("/new-address", "token"): ["wrong"],
    ("/stop-address", "token"): ["wrong"],
    ("/calendar", "token"): ["wrong"],
    ("/membership", "token"): ["wrong"],
    ("/join", "slug"): ["nobody-s"],
    ("/register", "slug"): ["nobody-s"],
    ("/registration", "token"): ["wrong"],
    ("/my-shops", "token"): ["wrong"],
    ("/shopper", "token"): ["wrong"],
    ("/shopper", "n"): ["1"],
    ("/shopper", "year"): ["2026"],
    ("/pay", "kind"): list(payments.FileKind),
}
IDS: Mapping[str, Sequence[str]] = {
    "study_id": ("closed", "opened", "draft"),
    **{
        name: (name,)
        for name in (
            *("affiliate_id", "client_id", "location_id", "import_id", "contact_id", "panel_id", "member_id"),
            *("questionnaire_id", "account_id", "delivery_id", "campaign_id", "scenario_id", "wave_id"),
            "guideline_id",
            "run_id",
            "shopper_id",
            *("item_id", "batch_id"),
            "mark_id",
            *("extension_id", "appeal_id", "report_ref", "wish_id", "phrase_id"),
            *("kind_id", "document_id", "field_id", "conflict_id"),
            *("application_id", "view_id", "action_id", "thread_id", "note_id"),
        )
    },
    # One that is under way, one that an editor reads, one whose rejection is contested, one that its client reads.
    "shop_id": ("shop_id", "reviewed_id", "contested_id", "released_id"),
    "picture_id": ("picture_id", "proof_id", "shown_id"),
    "recording_id": ("recording_id", "heard_id"),
    # What every shopper is asked, and what one is asked about one answer.
    "question_id": ("question_id", "asked_id"),
}


@dataclass(frozen=True, slots=True)
class Route:
    """A method at a path template, and who it is for."""

    method: str
    template: str
    access: Access

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Name and type of everything that stands in the path."""
        return PARAMETER.findall(self.template)

    @property
    def has_ids(self) -> bool:
        """Whether a row is named in the path."""
        return any(kind == "uuid" for _, kind in self.parameters)

    def urls(self, ids: Mapping[str, UUID]) -> Iterator[str]:
        """The addresses of one affiliate's things. Raises KeyError for a parameter nobody has thought of."""
        for values in product(*(self._values(name, kind, ids) for name, kind in self.parameters)):
            remaining = iter(values)
            yield PARAMETER.sub(lambda _, left=remaining: next(left), self.template)  # type: ignore[misc]

    def _values(self, name: str, kind: str, ids: Mapping[str, UUID]) -> Sequence[str]:
        if kind == "uuid":
            return [str(ids[known]) for known in IDS[name]]
        return WORDS["/" + self.template.split("/")[1], name]


def chosen_for(route: Route) -> dict[str, str]:
    """What a form asks to choose from a list, where nothing is looked up before that is chosen."""
    if route.template.startswith("/appeals/"):
        return {"event": AppealEvent.TAKE_UP}
    if route.template.endswith("/conflicts/{conflict_id:uuid}"):
        return {"decision": "none"}
    return {"reason": next(iter(RECALL_REASONS))} if route.template.endswith("/recall") else {}


def routes_of(front: Front) -> list[Route]:
    """Every route of every application behind the front door."""
    return sorted(_routes(front), key=lambda route: (route.template, route.method))


def _routes(front: Front) -> Iterator[Route]:
    for _, room in front.rooms:
        assert isinstance(room, Litestar)
        for route in room.routes:
            if isinstance(route, HTTPRoute):
                for handler in route.route_handlers:
                    for method in handler.http_methods & {"GET", "POST"}:
                        yield Route(method, route.path, handler.opt[TERMS].access)
