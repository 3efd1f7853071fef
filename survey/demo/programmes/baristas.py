"""Barista Welcome: twenty-four questions about a visit to a coffee house, with an answer that fails it."""

from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.shops.campaigns.domain import ItemScore, Requirements, Rotation, Scoring
from survey.shops.campaigns.domain import Kind as ShopKind

from .parts import Programme, graded, seconds, story, without, yes_counts, yes_no

ALLERGEN = (
    Choice("checked", "They looked it up, or asked somebody who knew"),
    Choice("knew", "They answered at once, and rightly"),
    Choice("unsure", "They said that they were not sure"),
    Choice("wrong", "They told me something that is wrong"),
)
TOILETS = (Choice("yes", "Yes"), Choice("no", "No"), Choice("none", "There are none for guests"))
NO_NAMES = "Say what you saw and heard, in order. Please name no one."

_SECTIONS = (
    Section(
        "arrival",
        "Arrival",
        "From the pavement to the end of the queue.",
        (
            graded("front", "How clean were the windows and the door?", "how clean they were", ("Dirty", "Spotless")),
            yes_no("greeted", "Did somebody greet you?", "whether you were greeted"),
            yes_no("greeted_30", "Were you greeted within 30 seconds?", "how soon you were greeted"),
            Item("queue", Kind.NUMBER, "How many people were before you?", phrase="how many people", is_required=True,
                 minimum=0, maximum=40),
            seconds("t_queue", "When did you reach the end of the queue? Seconds after coming in", "when that was"),
        ),
    ),
    Section(
        "service",
        "Service",
        "At the counter. Ask which milks are free of nuts.",
        (
            yes_no("smile", "Did the barista look at you and smile?", "whether they did"),
            yes_no("offered", "Were you offered something beside your drink?", "whether you were offered anything"),
            Item("allergen", Kind.SINGLE, "What did they say when you asked about nuts?", phrase="what they said",
                 is_required=True, choices=ALLERGEN),
            graded("knew", "How well did they know their drinks?", "how well they knew them", ("Not at all", "Fully")),
            seconds("t_order", "When was your order taken? Seconds after coming in", "when your order was taken"),
            story("story_service", "What happened at the counter?", NO_NAMES, is_required=True),
        ),
    ),
    Section(
        "product",
        "Product",
        "Your drink, before you sweeten it.",
        (
            graded("taste", "How did it taste?", "how it tasted", ("Very poor", "Excellent")),
            yes_no("hot", "Was it as warm as it should be?", "whether it was warm"),
            yes_no("as_ordered", "Was it what you ordered?", "whether it was what you ordered"),
            seconds("t_drink", "When did you have it in your hand? Seconds after coming in", "when you had it"),
            story("story_product", "How was the drink?", "Looks, warmth, taste."),
        ),
    ),
    Section(
        "clean",
        "Cleanliness",
        "",
        (
            graded("floor", "How clean was the floor?", "how clean the floor was", ("Dirty", "Spotless")),
            yes_no("tables", "Were free tables wiped?", "whether tables were wiped"),
            Item("toilets", Kind.SINGLE, "Were the toilets clean?", phrase="whether they were clean", is_required=True,
                 choices=TOILETS),
            story("story_clean", "What was not clean?", "Where, and how bad."),
        ),
    ),
    Section(
        "farewell",
        "Farewell",
        "",
        (
            yes_no("thanked", "Were you thanked when you got your drink?", "whether you were thanked"),
            Item("again", Kind.NPS, "How likely are you to come back as a guest?", phrase="how likely you are",
                 is_required=True),
            story("story_all", "Tell the whole visit in your own words", NO_NAMES, is_required=True),
            story("wish", "What would have made it better?", "One thing."),
        ),
    ),
)  # fmt: skip

_NOW = Definition("Barista Welcome", "en", _SECTIONS)

BARISTAS = Programme(
    name="Barista Welcome",
    kind=ShopKind.IN_PERSON,
    scene="coffee",
    questionnaire=_NOW,
    earlier=(without(_NOW, "t_queue", "wish"), without(_NOW, "wish")),
    scoring=Scoring(
        sections={"arrival": 15, "service": 35, "product": 25, "clean": 15, "farewell": 10},
        has_shares=True,
        items={
            "front": ItemScore(),
            "greeted": yes_counts(2, comment=True),
            "greeted_30": yes_counts(comment=True),
            "smile": yes_counts(comment=True),
            "offered": yes_counts(),
            "allergen": ItemScore(
                points=3,
                fails=("wrong",),
                cap_percent=40,
                comment_below_top=True,
                points_by={"checked": 3, "knew": 3, "unsure": 1},
            ),
            "knew": ItemScore(),
            "taste": ItemScore(points=2),
            "hot": yes_counts(),
            "as_ordered": yes_counts(2, comment=True),
            "floor": ItemScore(),
            "tables": yes_counts(),
            "toilets": ItemScore(not_applicable=("none",), points_by={"yes": 1}),
            "thanked": yes_counts(),
            "again": ItemScore(),
        },
        timings=(("t_queue", "t_order", 180), ("t_order", "t_drink", 240)),
    ),
    guideline="""# Barista Welcome

You are a guest who comes for a coffee with oat milk, and who cooks for somebody with a nut allergy.

## Before
- Go on the day you planned, inside the opening hours, alone or with a friend who knows nothing.
- Read the questions once: you will need three times, in seconds after you came in.

## There
1. Look at windows and door. Start counting when you are through the door.
2. Order one hot drink with oat milk. **Ask which milks are free of nuts.**
3. Stay for ten minutes. Look at floor, tables and toilets.
4. Take the receipt, and one picture of your drink on the table. No faces in it.

## After
- Report on the same day. Write what was said and done, and **name no one**: say “the barista”.
- We pay the drink up to the amount that stands at the shop, against the receipt.""",
    scenarios=(
        ("Ask about oat-milk allergen", "You cook for somebody with a nut allergy. Ask which milks are free of nuts."),
        ("First visit", "You are new in town. Ask what they would drink themselves, and then about nuts in the milks."),
    ),
    changes={
        "currency": "USD",
        "fee_cents": 1200,
        "reimbursement_cap_cents": 800,
        "attempt_fee_cents": 400,
        "bonus_ladder": ((7, 200), (3, 400)),
        "report_due_hours": 12,
        "grace_hours": 12,
        "appeal_days": 14,
        "pay_days": 30,
        "rotation": Rotation(location_days=60, brand_days=14, is_household=True),
        "requirements": Requirements(radius_km=90),
        "employee_id_mode": "role",
        "time_precision": "daypart",
        "receipt_mode": "amount",
    },
)
