"""Until when an editor should have decided, as queries say it. s: the shop, r: its report, v: its review, or none."""

# What was said when an approved report was opened again, until it is handed in anew.
DECIDE_BY = "CASE WHEN v.reopened_at >= r.submitted_at THEN v.decide_by END"
# What holds took since the clock began.
ON_HOLD_FOR = "field.time_held(s.id, greatest(r.submitted_at, v.reopened_at))"
