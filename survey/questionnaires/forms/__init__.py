"""From the builder's form fields to definitions, with messages; and from definitions to what the fields show."""

from .item import (
    ITEM_ACTS,
    Editing,
    blank_item,
    editing_of,
    item_fields,
    item_from,
)
from .outline import LANGUAGES, NewQuestionnaire, new_questionnaire, section_from, settings_from
from .rule import RuleView, rule_from, rule_view

__all__ = [
    "ITEM_ACTS",
    "LANGUAGES",
    "Editing",
    "NewQuestionnaire",
    "RuleView",
    "blank_item",
    "editing_of",
    "item_fields",
    "item_from",
    "new_questionnaire",
    "rule_from",
    "rule_view",
    "section_from",
    "settings_from",
]
