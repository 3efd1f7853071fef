"""Studies: a questionnaire put to an audience, with its dates and its words, and how it fares in the field."""
