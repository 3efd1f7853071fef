"""Fitting-Room Service: for shoppers who have passed the quiz; they take a shop without asking."""

from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.shops.campaigns.domain import ItemScore, Question, Requirements, Rotation, Scoring
from survey.shops.campaigns.domain import Kind as ShopKind

from .parts import Programme, graded, story, yes_counts, yes_no

WAITS = (Choice("short", "Under 3 minutes"), Choice("long", "Longer"), Choice("never", "It never came"))
NO_NAMES = "In order. Please name no one."
_SECTIONS = (
    Section(
        "floor",
        "On the floor",
        "",
        (
            yes_no("seen", "Did somebody notice you within two minutes?", "whether you were noticed"),
            yes_no("helped", "Did they help you to find your size?", "whether they helped"),
            graded("tidy", "How tidy were the rails?", "how tidy they were", ("A mess", "Perfect")),
        ),
    ),
    Section(
        "room",
        "The fitting room",
        "Take two pieces in, one of them a size too large.",
        (
            yes_no("counted", "Were your pieces counted?", "whether they were counted"),
            yes_no("clean", "Was the room clean and free of clothes?", "whether it was clean"),
            yes_no("brought", "Did somebody bring the other size?", "whether somebody brought it"),
            Item("wait", Kind.SINGLE, "How long did that take?", phrase="how long it took", is_required=True,
                 choices=WAITS),
            story("story_room", "What happened at the fitting room?", NO_NAMES, is_required=True),
        ),
    ),
    Section(
        "end",
        "At the till",
        "",
        (
            yes_no("thanked", "Were you thanked?", "whether you were thanked"),
            Item("again", Kind.NPS, "How likely are you to come back?", phrase="how likely you are", is_required=True),
            story("story_all", "Tell the visit in your own words", "What would you tell a friend?", is_required=True),
        ),
    ),
)  # fmt: skip

FITTING = Programme(
    name="Fitting-Room Service",
    kind=ShopKind.IN_PERSON,
    scene="fitting",
    questionnaire=Definition("Fitting-Room Service", "en", _SECTIONS),
    scoring=Scoring(
        sections={"floor": 30, "room": 50, "end": 20},
        has_shares=True,
        items={
            "seen": yes_counts(),
            "helped": yes_counts(2, comment=True),
            "tidy": ItemScore(),
            "counted": yes_counts(),
            "clean": yes_counts(),
            "brought": yes_counts(2, comment=True),
            "wait": ItemScore(points=2, points_by={"short": 2, "long": 1}),
            "thanked": yes_counts(),
            "again": ItemScore(),
        },
    ),
    guideline="""# Fitting-Room Service

Try on two pieces; ask for another size from inside the fitting room. You need not buy anything.

- Take **one piece a size too large** with you, and ask for the smaller one.
- Note how long it takes until somebody brings it.
- Take a picture of the fitting room when it is empty. Never take one with people in it.
- Take nothing out of the shop that you have not paid.""",
    quiz=(
        Question("How many pieces do you take into the fitting room?", ("One", "Two", "As many as you like"), (1,)),
        Question("What do you ask for?", ("Another size", "A discount", "Nothing"), (0,)),
        Question(
            "What may be in your picture?", ("The empty room", "Guests from behind", "The person who helped you"), (0,)
        ),
    ),
    scenarios=(("Another size", "You found the piece you like, but only a size too large."),),
    changes={
        "currency": "USD",
        "fee_cents": 1800,
        "attempt_fee_cents": 600,
        "bonus_ladder": ((5, 400),),
        "report_due_hours": 18,
        "grace_hours": 12,
        "appeal_days": 10,
        "pay_days": 30,
        "is_self_assign": True,
        "rotation": Rotation(location_days=90, brand_days=10, is_household=True),
        "requirements": Requirements(radius_km=120),
        "employee_id_mode": "none",
        "time_precision": "wave",
        "picture_mode": "none",
    },
)
