"""A Question by Telephone: what the small clients had asked, months ago."""

from survey.questionnaires.domain import Definition, Section
from survey.shops.campaigns.domain import ItemScore, Rotation, Scoring
from survey.shops.campaigns.domain import Kind as ShopKind

from .parts import Programme, graded, story, yes_counts, yes_no

_SECTIONS = (
    Section(
        "call",
        "The call",
        "",
        (
            yes_no("named", "Did they say which shop you had reached?", "whether they said so"),
            yes_no("knew", "Did they know whether it is in stock?", "whether they knew"),
            graded("kind", "How helpful were they?", "how helpful they were", ("Not at all", "Very")),
            story("story_shop", "What was said?", "In order. Please name no one.", is_required=True),
            yes_no("thanked", "Were you thanked for calling?", "whether you were thanked"),
        ),
    ),
)

QUESTIONS = Programme(
    name="A Question by Telephone",
    kind=ShopKind.PHONE,
    scene="shop",
    questionnaire=Definition("A Question by Telephone", "en", _SECTIONS),
    scoring=Scoring(
        sections={"call": 100},
        has_shares=True,
        items={
            "named": yes_counts(),
            "knew": yes_counts(2),
            "kind": ItemScore(points=2),
            "thanked": yes_counts(),
        },
    ),
    guideline="""# A Question by Telephone

Call the shop and ask for something that it might have. Buy nothing, and record nothing.""",
    scenarios=(("A present", "You look for a present for a child of six."),),
    changes={
        "currency": "USD",
        "fee_cents": 500,
        "report_due_hours": 12,
        "grace_hours": 12,
        "appeal_days": 10,
        "pay_days": 45,
        "rotation": Rotation(location_days=30),
        "employee_id_mode": "none",
        "recording_mode": "none",
    },
)
