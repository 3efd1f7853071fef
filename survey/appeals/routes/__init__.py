"""Pages of appeals: the client's in the portal, the staff's queue, the shopper's questions and home, and wishes."""

from . import client, counts, home, plans, shopper, staff, wishes

ROUTES = (
    staff.queue_page,
    staff.thread_page,
    staff.act,
    staff.change_page,
    staff.change,
    staff.classify,
    home.home,
    shopper.question_list,
    shopper.question_page,
    shopper.answer,
    counts.error_page,
    counts.error_file,
    wishes.wish_list,
    wishes.answer_page,
    wishes.answer,
)
PORTAL = (
    client.raise_page,
    client.raise_appeal,
    client.appeal_list,
    client.thread_page,
    client.reply,
    client.move_own,
    plans.plan_list,
    plans.plan_page,
    plans.open_plan,
    plans.write_plan,
    wishes.wish_page,
    wishes.wish,
    wishes.wish_link,
    wishes.withdraw_wish,
)
