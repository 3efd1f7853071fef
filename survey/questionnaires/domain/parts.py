"""Finding and replacing the parts of a definition: the ground that the builder's operations stand on."""

from collections.abc import Callable

from msgspec.structs import replace

from .definition import Definition, Item, Removed, Section

MOST_REMOVED = 20


class UnknownPart(LookupError):
    """The questionnaire has no such section, item or choice; perhaps it was removed in another tab."""

    def __init__(self, part_id: str) -> None:
        super().__init__("no such part in this questionnaire")
        self.part_id = part_id


def taken_ids(definition: Definition) -> set[str]:
    """Every id in use, those of removed parts included, since they may come back."""
    removed = [part.section for part in definition.removed if part.section]
    sections = [*definition.sections, *removed]
    items = [item for section in sections for item in section.items]
    items += [part.item for part in definition.removed if part.item]
    return {section.id for section in sections} | {item.id for item in items}


def section_in(definition: Definition, section_id: str) -> Section:
    """The section with an id; raises UnknownPart."""
    return definition.sections[section_index(definition, section_id)]


def section_index(definition: Definition, section_id: str) -> int:
    """Where a section stands, from 0; raises UnknownPart."""
    for index, section in enumerate(definition.sections):
        if section.id == section_id:
            return index
    raise UnknownPart(section_id)


def item_place(definition: Definition, item_id: str) -> tuple[int, int]:
    """Where an item stands: its section's index and its own; raises UnknownPart."""
    for index, section in enumerate(definition.sections):
        for position, item in enumerate(section.items):
            if item.id == item_id:
                return index, position
    raise UnknownPart(item_id)


def item_in(definition: Definition, item_id: str) -> Item:
    """The item with an id; raises UnknownPart."""
    index, position = item_place(definition, item_id)
    return definition.sections[index].items[position]


def with_section(definition: Definition, index: int, section: Section) -> Definition:
    """The definition with another section at an index."""
    sections = (*definition.sections[:index], section, *definition.sections[index + 1 :])
    return replace(definition, sections=sections)


def with_items(
    definition: Definition, index: int, change: Callable[[tuple[Item, ...]], tuple[Item, ...]]
) -> Definition:
    """The definition with the items of one section changed."""
    section = definition.sections[index]
    return with_section(definition, index, replace(section, items=change(section.items)))


def with_removed(definition: Definition, removed: Removed) -> Definition:
    """The definition remembering one more removed part; the oldest is forgotten."""
    return replace(definition, removed=(*definition.removed, removed)[-MOST_REMOVED:])
