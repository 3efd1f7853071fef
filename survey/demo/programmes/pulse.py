"""After-visit pulse: a recommendation and six short questions, for a customer's telephone."""

from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section

from .parts import YES_NO, graded

REASONS = (
    Choice("drink", "For a drink"),
    Choice("food", "For something to eat"),
    Choice("people", "To meet somebody"),
    Choice("work", "To sit and work"),
)
PULSE = Definition(
    "Your last visit",
    "en",
    (
        Section(
            "all",
            "In all",
            "",
            (
                Item("recommend", Kind.NPS, "How likely are you to recommend us?", phrase="how likely you are",
                     is_required=True),
                Item("why", Kind.SINGLE, "What did you come for?", phrase="what you came for", is_required=True,
                     choices=REASONS),
            ),
        ),
        Section(
            "visit",
            "Your visit",
            "",
            (
                graded("welcome", "How welcome did you feel?", "how welcome you felt", ("Not at all", "Very")),
                graded("speed", "How fast was it?", "how fast it was", ("Much too slow", "Just right")),
                graded("clean", "How clean was it?", "how clean it was", ("Dirty", "Spotless")),
                Item("right", Kind.SINGLE, "Was your order right?", phrase="whether it was right", is_required=True,
                     choices=YES_NO),
                Item("improve", Kind.TEXT, "What should be better?", help="Things, not people."),
            ),
        ),
    ),
)  # fmt: skip
