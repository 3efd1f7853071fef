"""The pages of studies."""

from .editing import edit_page, save
from .listing import create, new_page, study_list
from .preview import preview, send_test
from .study import copy, discard, extend, pause, resume, study_page

ROUTES = (
    study_list,
    new_page,
    create,
    study_page,
    edit_page,
    save,
    preview,
    send_test,
    pause,
    resume,
    extend,
    copy,
    discard,
)
