"""The pages of the builder. Everything works as plain forms; htmx swaps the part that changed."""

from .arranging import arrange
from .history import comparison_page, version_list, version_page
from .items import add_item_page, create_item, item_page, save_item
from .listing import archive, builder, copy, create, new_page, questionnaire_list, unarchive
from .sections import add_section_page, create_section, save_section, save_settings, section_page, settings_page
from .trying import preview, preview_next, test_bench

ROUTES = (
    questionnaire_list,
    new_page,
    create,
    builder,
    copy,
    archive,
    unarchive,
    settings_page,
    save_settings,
    add_section_page,
    create_section,
    section_page,
    save_section,
    add_item_page,
    create_item,
    item_page,
    save_item,
    arrange,
    test_bench,
    preview,
    preview_next,
    version_list,
    version_page,
    comparison_page,
)
