"""A questionnaire whose questions hang on one another: one within its section, a section, and a section behind that."""

from survey.questionnaires.domain import Choice, Condition, Definition, Item, Kind, Operator, Section, ShowIf

YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
STORY = Item("story", Kind.LONG_TEXT, "What happened?", is_required=True)
ONLY_IF = "Only if “Did you buy anything?” is “Yes”"
SIZES = (Choice("small", "Small"), Choice("large", "Large"))
IF_BOUGHT = ShowIf(conditions=(Condition("bought", Operator.IS, "yes"),))
IF_LARGE = ShowIf(conditions=(Condition("size", Operator.IS, "large"),))
KIOSK = Definition(
    title="Station Kiosk",
    language="en",
    sections=(
        Section(
            id="counter",
            title="At the counter",
            items=(
                Item("bought", Kind.SINGLE, "Did you buy anything?", choices=YES_NO, is_required=True),
                Item(
                    "bag", Kind.SINGLE, "Were you offered a bag?", choices=YES_NO, is_required=True, show_if=IF_BOUGHT
                ),
            ),
        ),
        Section(
            id="purchase",
            title="Your purchase",
            show_if=IF_BOUGHT,
            items=(
                Item("size", Kind.SINGLE, "Which size did you take?", choices=SIZES, is_required=True),
                Item("taste", Kind.LONG_TEXT, "How did it taste?"),
            ),
        ),
        Section(
            id="lid",
            title="The lid",
            show_if=IF_LARGE,
            items=(Item("lid", Kind.LONG_TEXT, "Did the lid close?", is_required=True),),
        ),
        Section(id="story", title="The story", items=(STORY,)),
    ),
)
