"""A realistic questionnaire for the demo world, tests and benchmarks: customers after a visit to a shop."""

from .definition import Choice, Condition, Definition, Item, Kind, Operator, Row, Section, ShowIf

AGREEMENT = (
    Choice("strongly_disagree", "Strongly disagree"),
    Choice("disagree", "Disagree"),
    Choice("neither", "Neither"),
    Choice("agree", "Agree"),
    Choice("strongly_agree", "Strongly agree"),
)
YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))


def store_visit() -> Definition:
    """Twenty questions in four sections: every kind but time and money, two show-if rules, a recommendation."""
    return Definition(
        title="Your visit to our store",
        language="en",
        sections=(_visit(), _store_and_team(), _buying(), _overall()),
    )


def _visit() -> Section:
    reasons = (
        Choice("groceries", "My main shop"),
        Choice("few_things", "A few things I needed"),
        Choice("collect", "To collect an order"),
        Choice("return", "To return something"),
        Choice("other", "Another reason", is_other=True),
    )
    waits = (
        Choice("none", "I did not wait"),
        Choice("under_2", "Less than 2 minutes"),
        Choice("2_to_5", "2 to 5 minutes"),
        Choice("over_5", "More than 5 minutes"),
    )
    return Section(
        id="visit",
        title="Your visit",
        intro="Think of your most recent visit only.",
        items=(
            Item("visit_date", Kind.DATE, "When did you visit?", phrase="the day of your visit", latest="today"),
            Item("reason", Kind.SINGLE, "What was the main reason for your visit?", is_required=True, choices=reasons),
            Item("found_all", Kind.SINGLE, "Did you find everything you wanted?", is_required=True, choices=YES_NO),
            Item(
                "missing",
                Kind.TEXT,
                "What was missing?",
                help="Things, not people.",
                show_if=_when("found_all", Operator.IS, "no"),
            ),
            Item("wait", Kind.SINGLE, "How long did you wait to pay?", phrase="how long you waited", choices=waits),
        ),
    )


def _store_and_team() -> Section:
    rows = (
        Row("greeting", "I was greeted"),
        Row("help", "Somebody was there to help"),
        Row("knowledge", "They knew their products"),
        Row("time", "They took time for me"),
    )
    return Section(
        id="store",
        title="The store and the team",
        items=(
            _scale("clean", "How clean was the store?", "how clean the store was", ("Very dirty", "Spotless")),
            _scale("layout", "How easy was it to find your way?", "how easy it was", ("Very hard", "Very easy")),
            _scale("stock", "How well stocked were the shelves?", "how well stocked they were", ("Empty", "Full")),
            Item(
                "team",
                Kind.MATRIX,
                "How far do you agree?",
                help="About the people who worked in the store that day.",
                is_required=True,
                rows=rows,
                choices=AGREEMENT,
            ),
            Item("praise", Kind.TEXT, "Is there anything the team did really well?", help="Please name no one."),
        ),
    )


_DEPARTMENTS = (
    Choice("fresh", "Fruit and vegetables"),
    Choice("bakery", "Bakery"),
    Choice("counter", "Meat, fish or cheese counter"),
    Choice("household", "Household"),
    Choice("cafe", "Café"),
    Choice("none", "None of these", is_exclusive=True),
)
_PAYMENTS = (
    Choice("till", "At a till with a cashier"),
    Choice("self", "At a self-service till"),
    Choice("phone", "With my phone"),
    Choice("nothing", "I bought nothing"),
)


def _buying() -> Section:
    return Section(
        id="buying",
        title="What you bought",
        items=(
            Item(
                "departments", Kind.MULTIPLE, "Which departments did you visit?", choices=_DEPARTMENTS, is_required=True
            ),
            _scale(
                "cafe",
                "How was the café?",
                "how the café was",
                ("Poor", "Excellent"),
                show_if=_when("departments", Operator.INCLUDES, "cafe"),
            ),
            Item("paid", Kind.SINGLE, "How did you pay?", phrase="how you paid", is_required=True, choices=_PAYMENTS),
            Item(
                "spent",
                Kind.NUMBER,
                "About how much did you spend?",
                phrase="about how much you spent",
                unit="€",
                decimals=2,
                minimum=0,
                maximum=2000,
                is_sensitive=True,
            ),
            _scale("value", "How good was the value for money?", "how good the value was", ("Poor", "Excellent")),
        ),
    )


def _overall() -> Section:
    ages = tuple(
        Choice(code, label)
        for code, label in (
            ("18_29", "18 to 29"),
            ("30_44", "30 to 44"),
            ("45_59", "45 to 59"),
            ("60_up", "60 or over"),
        )
    )
    return Section(
        id="overall",
        title="All in all",
        items=(
            _scale("satisfied", "How satisfied were you?", "how satisfied you were", ("Not at all", "Completely")),
            Item(
                "recommend",
                Kind.NPS,
                "How likely are you to recommend this store to a friend or colleague?",
                phrase="how likely you are to recommend the store",
                is_required=True,
                least_label="Not at all likely",
                most_label="Extremely likely",
            ),
            Item("improve", Kind.LONG_TEXT, "What is the one thing we should do better?", help="Please name no one."),
            Item(
                "visits",
                Kind.NUMBER,
                "How often did you visit in the last 30 days?",
                minimum=0,
                maximum=60,
                unit="times",
            ),
            Item("age", Kind.SINGLE, "How old are you?", phrase="your age group", is_sensitive=True, choices=ages),
        ),
    )


def _scale(name: str, title: str, phrase: str, ends: tuple[str, str], show_if: ShowIf | None = None) -> Item:
    return Item(
        name,
        Kind.SCALE,
        title,
        phrase=phrase,
        is_required=True,
        minimum=1,
        maximum=5,
        least_label=ends[0],
        most_label=ends[1],
        show_if=show_if,
    )


def _when(item: str, operator: Operator, value: str) -> ShowIf:
    return ShowIf(conditions=(Condition(item, operator, value),))
