"""Registering, choosing an affiliate, a shopper's own pages, and the staff's."""

from . import conflicts, restricting
from .addresses import address_page, ask_address, new_address_page, take_address
from .checking import accept_document, decline_document, document_file, document_queue, document_to_check
from .choosing import accept, affiliates_page, agreement_page, choose, contest
from .defining import (
    add_field,
    add_kind,
    change_field,
    change_kind,
    field_page,
    kind_page,
    new_field,
    new_kind,
    restore_kind,
    retire_kind,
)
from .documents import document_page, own_document, send_document, withdraw_document
from .fields import fields_page, save_fields
from .finding import find, find_page
from .money import payout_page, remove_payout, save_payout, save_tax, tax_page
from .own import (
    ask_qualification,
    details_page,
    looks_page,
    own_agreement_page,
    pause,
    profile_page,
    qualifications_page,
    questions_page,
    resume,
    save_answers,
    save_details,
)
from .portraits import own_photo, photo_page, remove_photo, save_photo
from .registering import answer_age, confirm, confirm_page, register, register_page
from .resembling import alike_page, decide_alike, undo_alike
from .rules import (
    add_question,
    change_question,
    new_question,
    publish,
    question_page,
    rules_page,
    save_entrance,
)
from .staff import (
    deactivate,
    open_shopper,
    reactivate,
    record_qualification,
    save_limit,
    shopper_list,
    shopper_page,
    uphold,
)
from .starting import start_map, start_near, start_numbers, start_page, start_remove, start_tap

ROUTES = (
    *conflicts.ROUTES, *restricting.ROUTES,
    register_page, answer_age, register, confirm_page, confirm,
    affiliates_page, choose, agreement_page, accept, contest,
    profile_page, details_page, save_details, questions_page, save_answers,
    qualifications_page, ask_qualification,
    document_page, send_document, own_document, withdraw_document, fields_page, save_fields,
    start_page, start_map, start_near, start_tap, start_numbers, start_remove,
    photo_page, save_photo, own_photo, remove_photo,
    address_page, ask_address, new_address_page, take_address,
    payout_page, save_payout, remove_payout, tax_page, save_tax, pause, resume, looks_page, own_agreement_page,
    shopper_list, find_page, find, alike_page, decide_alike, undo_alike,
    shopper_page, open_shopper, deactivate, reactivate, uphold,
    record_qualification, save_limit,
    rules_page, save_entrance, publish, new_question, add_question, question_page, change_question,
    new_kind, add_kind, kind_page, change_kind, retire_kind, restore_kind,
    new_field, add_field, field_page, change_field,
    document_queue, document_to_check, document_file, accept_document, decline_document,
)  # fmt: skip
