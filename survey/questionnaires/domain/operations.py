"""What the builder can do to a definition. Each operation returns a new one; ids stay unique whatever the order."""

from enum import StrEnum
from typing import TypeVar

from msgspec.structs import replace

from .definition import Condition, Definition, Item, Removed, Section, ShowIf
from .naming import item_id
from .parts import (
    UnknownPart,
    item_in,
    item_place,
    section_in,
    section_index,
    taken_ids,
    with_items,
    with_removed,
    with_section,
)


class Direction(StrEnum):
    """Which way a part moves by one place."""

    UP = "up"
    DOWN = "down"


Part = TypeVar("Part")


def inserted(parts: tuple[Part, ...], part: Part, position: int | None) -> tuple[Part, ...]:
    """The parts with one more at a position, at the end for None or a position too high."""
    place = len(parts) if position is None else max(0, min(position, len(parts)))
    return (*parts[:place], part, *parts[place:])


def swapped(parts: tuple[Part, ...], position: int, direction: Direction) -> tuple[Part, ...]:
    """The parts with one moved by a place; unchanged at the edge."""
    other = position - 1 if direction is Direction.UP else position + 1
    if not 0 <= other < len(parts):
        return parts
    changed = list(parts)
    changed[position], changed[other] = changed[other], changed[position]
    return tuple(changed)


def add_section(definition: Definition, section: Section) -> Definition:
    """A section more at the end. Its id, and those of its items, are made fresh where they are taken."""
    return replace(definition, sections=(*definition.sections, _fresh_section(definition, section)))


def edit_section(definition: Definition, section: Section) -> Definition:
    """Title, introduction and rule of the section with the same id; its items stay as they are."""
    index = section_index(definition, section.id)
    kept = definition.sections[index].items
    return with_section(definition, index, replace(section, items=kept))


def remove_section(definition: Definition, section_id: str) -> Definition:
    """Without a section; it can be put back."""
    index = section_index(definition, section_id)
    section = definition.sections[index]
    left = (*definition.sections[:index], *definition.sections[index + 1 :])
    return with_removed(replace(definition, sections=left), Removed(position=index, section=section))


def duplicate_section(definition: Definition, section_id: str) -> Definition:
    """A copy after the section, with ids of its own; rules inside the copy read the copy."""
    index = section_index(definition, section_id)
    copy = _fresh_section(definition, definition.sections[index])
    return replace(definition, sections=inserted(definition.sections, copy, index + 1))


def move_section(definition: Definition, section_id: str, direction: Direction) -> Definition:
    """The section one place up or down."""
    index = section_index(definition, section_id)
    return replace(definition, sections=swapped(definition.sections, index, direction))


def put_section(definition: Definition, section_id: str, position: int) -> Definition:
    """The section at a position among the sections, from 0."""
    section = section_in(definition, section_id)
    others = tuple(other for other in definition.sections if other.id != section_id)
    return replace(definition, sections=inserted(others, section, position))


def add_item(definition: Definition, section_id: str, item: Item, position: int | None = None) -> Definition:
    """An item more in a section. Its id is made from its title where it has none or one that is taken."""
    taken = taken_ids(definition)
    if not item.id or item.id in taken:
        item = replace(item, id=item_id(item.title, taken))
    index = section_index(definition, section_id)
    return with_items(definition, index, lambda items: inserted(items, item, position))


def edit_item(definition: Definition, item: Item) -> Definition:
    """The item in the place of the one with the same id."""
    index, position = item_place(definition, item.id)
    return with_items(definition, index, lambda items: (*items[:position], item, *items[position + 1 :]))


def remove_item(definition: Definition, removed_id: str) -> Definition:
    """Without an item; it can be put back."""
    index, position = item_place(definition, removed_id)
    section = definition.sections[index]
    left = with_items(definition, index, lambda items: (*items[:position], *items[position + 1 :]))
    return with_removed(left, Removed(position=position, section_id=section.id, item=section.items[position]))


def duplicate_item(definition: Definition, copied_id: str) -> Definition:
    """A copy after the item, with an id of its own."""
    index, position = item_place(definition, copied_id)
    item = definition.sections[index].items[position]
    copy = replace(item, id=item_id(item.title, taken_ids(definition)))
    return with_items(definition, index, lambda items: inserted(items, copy, position + 1))


def move_item(definition: Definition, moved_id: str, direction: Direction) -> Definition:
    """The item one place up or down; at the edge of its section, into the neighbouring one."""
    index, position = item_place(definition, moved_id)
    section = definition.sections[index]
    items = swapped(section.items, position, direction)
    if items != section.items:
        return with_section(definition, index, replace(section, items=items))
    neighbour = index - 1 if direction is Direction.UP else index + 1
    if not 0 <= neighbour < len(definition.sections):
        return definition
    entry = len(definition.sections[neighbour].items) if direction is Direction.UP else 0
    return put_item(definition, moved_id, definition.sections[neighbour].id, entry)


def put_item(definition: Definition, moved_id: str, section_id: str, position: int | None = None) -> Definition:
    """The item at a position of a section, from 0, counted without itself; at the end for None."""
    item = item_in(definition, moved_id)
    target = section_index(definition, section_id)
    index, _ = item_place(definition, moved_id)
    left = with_items(definition, index, lambda items: tuple(other for other in items if other.id != moved_id))
    return with_items(left, target, lambda items: inserted(items, item, position))


def restore(definition: Definition, part_id: str) -> Definition:
    """Put a removed item or section back where it was; an item whose section is gone goes to the last one."""
    found = next((part for part in definition.removed if _removed_id(part) == part_id), None)
    if found is None:
        raise UnknownPart(part_id)
    rest = replace(definition, removed=tuple(part for part in definition.removed if part is not found))
    if found.section:
        return replace(rest, sections=inserted(rest.sections, found.section, found.position))
    if found.item is None or not rest.sections:
        raise UnknownPart(part_id)
    return _restored_item(rest, found.item, found)


def _restored_item(definition: Definition, item: Item, place: Removed) -> Definition:
    homes = [index for index, section in enumerate(definition.sections) if section.id == place.section_id]
    if homes:
        return with_items(definition, homes[0], lambda items: inserted(items, item, place.position))
    return with_items(definition, len(definition.sections) - 1, lambda items: (*items, item))


def _removed_id(part: Removed) -> str:
    held = part.section or part.item
    return held.id if held else ""


def _fresh_section(definition: Definition, section: Section) -> Section:
    taken = taken_ids(definition)
    new_id = item_id(section.title or "section", taken) if section.id in taken or not section.id else section.id
    taken.add(new_id)
    renamed: dict[str, str] = {}
    for item in section.items:
        fresh = item.id if item.id and item.id not in taken else item_id(item.title, taken)
        renamed[item.id] = fresh
        taken.add(fresh)
    items = tuple(replace(item, id=renamed[item.id], show_if=_retold(item.show_if, renamed)) for item in section.items)
    return replace(section, id=new_id, items=items)


def _retold(rule: ShowIf | None, renamed: dict[str, str]) -> ShowIf | None:
    """The rule reading renamed items. Expert CEL is left alone: the check points at it if it needs a hand."""
    if rule is None:
        return None
    return replace(rule, conditions=tuple(_redirected(condition, renamed) for condition in rule.conditions))


def _redirected(condition: Condition, renamed: dict[str, str]) -> Condition:
    name, dot, row = condition.item.partition(".")
    return replace(condition, item=renamed.get(name, name) + dot + row)
