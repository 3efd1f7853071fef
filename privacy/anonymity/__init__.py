"""Results that cannot be turned back into people: pure numbers, no I/O, no clock, nothing but the standard library.

What is here now, in the order in which a release uses it:

    trees          the hierarchy of places
    bands          number answers put into bands, so that a number becomes a question with options
    counting       distinct people per place, per question and per option
    protection     which places may be published: the threshold, and nothing by subtraction
    publication    the numbers themselves: exact tables, rounded ones, or nothing
    demographics   aggregate tables of who took part, rounded, for the top of the tree only
    proof          the finished publication examined again from its own numbers; refuses what breaks a promise

Words. A *group* is a set of people that somebody outside can point at: everybody of a place, everybody of a place who
answered a question, everybody there who left it out. A group is published with k people or more, or not at all. How
often an option was chosen *inside* a published group is its answer, and may be any number: the whole histogram is
published with the group, or nothing of it.

What comes later has its room: `plan` (the closed list of tables that a programme will ever publish), `batches`
(answers sealed over time, so that two releases differ by nobody or by k people), `audit` (exact and interval attacks
by linear algebra over everything ever released); `protection` then takes its orders from the plan, and `proof` gives
way to the audit.
"""
