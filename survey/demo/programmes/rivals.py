"""A look at the others: visits to competitors, of which nobody who works there may be recognised."""

from survey.questionnaires.domain import Definition, Item, Kind, Section
from survey.shops.campaigns.domain import ItemScore, Requirements, Rotation, Scoring
from survey.shops.campaigns.domain import Kind as ShopKind

from .parts import Programme, graded, story, yes_counts, yes_no

_SECTIONS = (
    Section(
        "visit",
        "The visit",
        "",
        (
            yes_no("greeted", "Did somebody greet you?", "whether you were greeted"),
            graded("clean", "How clean was the room?", "how clean it was", ("Dirty", "Spotless")),
            graded("taste", "How did your drink taste?", "how it tasted", ("Very poor", "Excellent")),
            Item("price", Kind.NUMBER, "What did a small latte cost?", phrase="what it cost", is_required=True,
                 minimum=1, maximum=20, unit="dollars"),
            story("story_visit", "What do they do that is worth copying?", "Things and ways, not people."),
        ),
    ),
)  # fmt: skip

RIVALS = Programme(
    name="A Look at the Others",
    kind=ShopKind.COMPETITOR,
    scene="coffee",
    questionnaire=Definition("A Look at the Others", "en", _SECTIONS),
    scoring=Scoring(
        sections={"visit": 100},
        has_shares=True,
        items={"greeted": yes_counts(), "clean": ItemScore(), "taste": ItemScore(points=2)},
    ),
    guideline="""# A Look at the Others

You are an ordinary guest of a coffee house that is not our client’s.

- **Keep it short** and buy what you would buy anyway. Nobody there has agreed to be looked at.
- Record nothing, describe nobody, and photograph no one: a picture of your cup is enough.""",
    scenarios=(("A guest", "You come in for a small latte."),),
    changes={
        "currency": "USD",
        "fee_cents": 900,
        "report_due_hours": 24,
        "grace_hours": 24,
        "appeal_days": 14,
        "pay_days": 30,
        "rotation": Rotation(location_days=90),
        "requirements": Requirements(radius_km=60),
        "employee_id_mode": "none",
        "recording_mode": "none",
        "time_precision": "wave",
        "picture_mode": "none",
        "receipt_mode": "none",
    },
)
