"""What the templates of a study need to know, worked out before they run."""

from ..domain import Facts, Gap, Part, Study, local, promises

TITLES = {
    Part.BASICS: "Questionnaire and title",
    Part.AUDIENCE: "Audience",
    Part.IDENTITY: "Who sees the answers",
    Part.DATES: "Dates",
    Part.INVITATION: "Invitation",
    Part.REMINDERS: "Reminders",
    Part.CHECKS: "What people are told",
}
Task = dict[str, str]


def tasks_of(study: Study, facts: Facts, missing: list[Gap]) -> list[Task]:
    """The parts of a draft as a list of tasks, with what stands in the way of each."""
    wanting = {gap.part: gap.text for gap in reversed(missing)}
    hints = hints_of(study, facts)
    return [
        {
            "label": title,
            "href": f"/studies/{study.id}/edit/{part.value}",
            "hint": wanting.get(part, hints[part]),
            "state": "To do" if part in wanting else "Done",
            "kind": "attention" if part in wanting else "good",
        }
        for part, title in TITLES.items()
    ]


def hints_of(study: Study, facts: Facts) -> dict[Part, str]:
    """What each part says at present, in a line."""
    times = times_of(study)
    days = " and ".join(map(str, study.reminder_days))
    source = f"Panel {study.panel_name}" if study.panel_name else f"Contacts of {study.client_name}"
    kept = sum(check.is_met for check in promises(study))
    return {
        Part.BASICS: f"{study.questionnaire_name}, version {study.version_number}: “{study.title}”",
        Part.AUDIENCE: f"{source}: {facts.reach.invitable:,} of {facts.reach.total:,} can be invited",
        Part.IDENTITY: "Answers carry names" if study.is_identified else "Confidential: nobody is told who said what",
        Part.DATES: f"{times['opens']} to {times['closes']}, {study.time_zone}",
        Part.INVITATION: f"“{study.invitation_subject}”",
        Part.REMINDERS: f"After {days} days" if days else "None",
        Part.CHECKS: f"{kept} of {len(promises(study))} kept",
    }


def times_of(study: Study) -> dict[str, str]:
    """A study's dates in its own time zone."""
    moments = {"opens": study.opens_at, "closes": study.closes_at, "launched": study.launched_at}
    return {name: f"{local(at, study.time_zone):%-d %b %Y, %H:%M}" if at else "" for name, at in moments.items()}
