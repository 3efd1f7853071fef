"""New-Member Call: shops by telephone, at the demo's other research company. Nothing is recorded."""

from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.shops.campaigns.domain import ItemScore, Rotation, Scoring
from survey.shops.campaigns.domain import Kind as ShopKind

from .parts import Programme, graded, story, yes_counts, yes_no

RINGS = (Choice("three", "Within three rings"), Choice("six", "Within six"), Choice("more", "More, or a machine"))
_SECTIONS = (
    Section(
        "call",
        "The call",
        "",
        (
            Item("rings", Kind.SINGLE, "How soon did somebody answer?", phrase="how soon", is_required=True,
                 choices=RINGS),
            yes_no("named", "Did they say which branch you had reached?", "whether they said so"),
            graded("clear", "How clear was the explanation?", "how clear it was", ("Not at all", "Very clear")),
            yes_no("fees", "Were you told of all fees before you asked?", "whether you were told"),
            story("story_call", "What was said?", "In order. Please name no one.", is_required=True),
        ),
    ),
    Section(
        "end",
        "The end of it",
        "",
        (
            yes_no("next", "Were you told what to bring?", "whether you were told"),
            yes_no("thanked", "Were you thanked for calling?", "whether you were thanked"),
            Item("again", Kind.NPS, "How likely are you to become a member?", phrase="how likely you are",
                 is_required=True),
        ),
    ),
)  # fmt: skip

CALLS = Programme(
    name="New-Member Call",
    kind=ShopKind.PHONE,
    scene="call",
    questionnaire=Definition("New-Member Call", "en", _SECTIONS),
    scoring=Scoring(
        sections={"call": 70, "end": 30},
        has_shares=True,
        items={
            "rings": ItemScore(points=2, points_by={"three": 2, "six": 1}),
            "named": yes_counts(),
            "clear": ItemScore(points=2),
            "fees": yes_counts(2, comment=True),
            "next": yes_counts(),
            "thanked": yes_counts(),
            "again": ItemScore(),
        },
    ),
    guideline="""# New-Member Call

Call the branch and ask how to become a member. **Do not record the call**, and give no number of any account.

- Ask what it costs, and what to bring.
- Let them speak: note what they offer without being asked.""",
    scenarios=(("New in town", "You have moved here and want an account for your wages."),),
    changes={
        "currency": "GBP",
        "fee_cents": 600,
        "report_due_hours": 6,
        "grace_hours": 12,
        "pay_days": 21,
        "rotation": Rotation(location_days=30, once_per_campaign=False),
        "employee_id_mode": "none",
        "recording_mode": "none",
    },
)
