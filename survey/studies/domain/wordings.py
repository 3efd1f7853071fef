"""The words a new study begins with. They keep every promise of the checklist, and anybody may change them."""

INVITATION_SUBJECT = "How was your visit to {{client}}?"
INVITATION_BODY = "\n\n".join(
    (
        "Hello {{first_name|there}},",
        "you were at {{store|one of our stores}} a little while ago. {{client}} would like to know how it went, and"
        " puts what you say to use in making the next visit better.",
        "It takes about {{minutes}}. You can stop at any question and go on later with the same link.",
    )
)
REMINDER_SUBJECT = "Still time to tell {{client}} how it went"
REMINDER_BODY = "\n\n".join(
    (
        "Hello {{first_name|there}},",
        "we wrote to you about your visit to {{store|one of our stores}}. If you would like to say how it went, the"
        " questions are open until {{closes_on}}.",
        "If you would rather not, you need not do anything.",
    )
)
