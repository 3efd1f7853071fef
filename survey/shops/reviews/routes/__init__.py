"""Pages of reviews."""

from . import contests, decisions, editing, pictures, queue, recordings, report, shopper

ROUTES = (
    queue.queue_page,
    queue.rubric_page,
    contests.contest_list,
    contests.contest_page,
    contests.judge,
    contests.propose_mark,
    report.report_page,
    report.pick_up,
    report.take_over,
    report.drop,
    report.reopen,
    editing.answer_page,
    editing.edit_answer,
    editing.text_page,
    editing.edit_text,
    editing.deal_with_finding,
    pictures.picture_page,
    pictures.picture_file,
    pictures.redact,
    pictures.withhold,
    recordings.recording_file,
    decisions.add_note,
    decisions.remove_note,
    decisions.send_back,
    decisions.approve_page,
    decisions.approve,
    decisions.reject,
    decisions.confirm_rejection,
    decisions.set_proposal_aside,
    decisions.exclude,
    decisions.hold,
    decisions.lift_hold,
    shopper.own_review,
    shopper.contest,
    shopper.own_rubric,
)

__all__ = ["ROUTES"]
