"""Registering, choosing an affiliate, a shopper's own pages, and the staff's."""

from .addresses import address_page, ask_address, new_address_page, take_address
from .choosing import accept, affiliates_page, agreement_page, choose, contest
from .money import payout_page, remove_payout, save_payout, save_tax, tax_page
from .own import (
    ask_qualification,
    conflicts_page,
    declare_conflict,
    details_page,
    home,
    looks_page,
    own_agreement_page,
    pause,
    profile_page,
    qualifications_page,
    questions_page,
    resume,
    save_answers,
    save_details,
    withdraw_conflict,
)
from .registering import answer_age, confirm, confirm_page, register, register_page
from .rules import (
    add_kind,
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
    record_conflict,
    record_qualification,
    remove_conflict,
    save_limit,
    shopper_list,
    shopper_page,
    uphold,
)

ROUTES = (
    register_page, answer_age, register, confirm_page, confirm,
    affiliates_page, choose, agreement_page, accept, contest,
    home, profile_page, details_page, save_details, questions_page, save_answers,
    conflicts_page, declare_conflict, withdraw_conflict, qualifications_page, ask_qualification,
    address_page, ask_address, new_address_page, take_address,
    payout_page, save_payout, remove_payout, tax_page, save_tax, pause, resume, looks_page, own_agreement_page,
    shopper_list, shopper_page, open_shopper, deactivate, reactivate, uphold,
    record_qualification, record_conflict, remove_conflict, save_limit,
    rules_page, save_entrance, publish, new_question, add_question, question_page, change_question, add_kind,
)  # fmt: skip
