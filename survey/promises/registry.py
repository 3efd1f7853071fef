"""What we promise. The words are ours and are shown as they stand; each has the check that can find it broken.

The ids after each promise are rows of the catalogue of published policies that the product answers to.
"""

from collections.abc import Mapping

from .checks import browsers, copies, fences, keeping, mail, numbers, proof, seals, shoppers
from .checks.deployment import Check
from .domain import Promise

PROMISES: Mapping[Promise, Check] = {
    # CU-14, GS-13, CL-20: a link out of every message
    Promise(
        "way-out", "Every survey e-mail we send carries a way to stop, in the message and in your mail program.",
        "We compose a message as we would for you, look for every way out, and try to compose one without.",
    ): mail.way_out,
    # CU-14, CS-20: a stop holds for all, at once
    Promise(
        "stop-is-stop", "Once you have told us to stop, nothing further is sent: no reminder, no new survey.",
        "We look for any message that waits for, or has gone to, somebody who had stopped it.",
    ): mail.nothing_after_stop,
    # CU-14, CS-50: erasure does not forget the wish
    Promise(
        "stop-for-good", "Your wish to be left alone outlives everything else we know of you, even after we erase you.",
        "We find stops again from the addresses alone, and look whether anybody could remove one.",
    ): mail.stop_outlives_erasure,
    # No policy says it: the trade has forged offers and cheques in the names of its companies
    Promise(
        "mail-can-be-checked", "You can find out whether an e-mail is really from us: each carries a code we know.",
        "We compose a message and look for its code, and look up the codes of those that we sent last.",
    ): mail.can_be_checked,
    # CS-09, CS-31, CU-10: clients have no way to a person
    Promise(
        "clients-see-nobody",
        "A business whose survey you answered cannot reach your name, your address or your answers.",
        "We sign in to our database as the clients’ pages do, and try to read every table that is about people.",
    ): fences.clients_see_nobody,
    # CS-18, CS-12: one company's people stay its own
    Promise(
        "companies-apart", "What one research company knows of you, no other company on this platform can see.",
        "We look at the database as the staff of each company, and check that every table is fenced.",
    ): fences.tenants_apart,
    # CS-38, SM-19: sealed field by field
    Promise(
        "sealed", "Your name, your address and the words you write are sealed with a key of your own.",
        "We open samples with the right keys, and see that they open with no other and cannot be read as they lie.",
    ): seals.sealed_as_promised,
    # CU-08: who and what part when a survey closes
    Promise(
        "ties-cut", "When a survey closes, we cut the tie between who was invited and what was said.",
        "We look for a tie in every survey that has closed.",
    ): fences.ties_cut,
    # CS-17, CS-21, CS-32: groups only
    Promise(
        "groups-only", "Results are about groups of ten people or more, also when somebody subtracts one from another.",
        "We take every release as it is stored and look for a small group, alone or by subtraction.",
    ): numbers.groups_large_enough,
    # CS-38, CS-40: what has left stays what it was
    Promise(
        "signed-as-it-left",
        "What a business reads of answers and visits is signed as it leaves us. We notice if a figure or word changes.",
        "We hold all figures and words that have left against their signatures, and forge one to see it found out. We "
        "read pictures again too, some each day.",
    ): numbers.signed_as_they_left,
    # CU-15, CU-16, CS-34: a cookie only while answering
    Promise(
        "one-cookie", "While you answer we set one cookie. It is sent to that survey alone and goes with your browser.",
        "We make the cookie and read what it says.",
    ): browsers.cookie_of_one_survey,
    # CS-47, CS-43, GS-08: nobody else is told of a visit
    Promise(
        "no-third-party", "Our pages fetch nothing from anybody else, so nobody else learns that you were here.",
        "We read every page’s template, every stylesheet, and the rule that we give to your browser.",
    ): browsers.no_third_party,
    # CS-15, CS-16, CU-18: the log counts, it does not tell
    Promise(
        "quiet-log", "Our log says which kind of page was opened, never by whom, with which link or from where.",
        "We plant an address and a link into the log’s way, and look through the logs for any other.",
    ): browsers.log_tells_nothing,
    # CS-38, CS-40: sign-ins cannot be taken from the database
    Promise(
        "sign-ins-hashed", "What keeps you signed in is stored in a form that cannot be used to sign in.",
        "We look at what is stored of every session.",
    ): fences.sessions_hashed,
    # CS-40, CS-38: evidence
    Promise(
        "record-unbroken",
        "Whenever one of us looks at a person’s details, it is recorded, and records cannot be edited.",
        "We walk along the whole record; each entry must follow from the one before.",
    ): seals.chain_unbroken,
    # CS-45, CS-46, SM-02: everything is declared
    Promise(
        "nothing-undeclared", "We keep nothing about you whose purpose and end we have not written down.",
        "We compare every column of our database with what is declared of it.",
    ): fences.columns_declared,
    # CS-18, CS-10: one person, a row at each company
    Promise(
        "shoppers-apart", "If you make visits for several companies, none of them can find out about the others.",
        "We compare the profiles of all companies for anything that two of them hold alike.",
    ): shoppers.profiles_apart,
    # CS-18, CS-08: who may make a visit
    Promise(
        "offers-by-one-company", "What a company offers you depends on what you did for that company, and on no other.",
        "We look at the database as shoppers do, and search for rows of any other company.",
    ): shoppers.shops_of_one_company,
    # SM-23, CL-15: the tax number
    Promise(
        "tax-number-apart", "Your tax number lies apart, under a key of its own, and goes on the date we show you.",
        "We open numbers with their own keys, try your profile’s key on them, and look for any that is past its date.",
    ): shoppers.tax_numbers_apart,
    # SM-25, SM-26: pictures
    Promise(
        "bare-pictures", "Pictures that you send show what can be seen on them. Where, when and with what is cut away.",
        "We read pictures as they are kept and as businesses get them, for anything beside their pixels.",
    ): shoppers.pictures_bare,
    # CS-11, CS-09: a business sees what a person has released
    Promise(
        "released-by-a-person", "A business reads a report of a visit only after a person has released it.",
        "We look for reports that can be read too early, or that nobody released.",
    ): shoppers.released_by_a_person,
    # CS-09, CS-31, CU-10: no business finds a shopper, however hard it looks
    Promise(
        "nowhere-to-be-found", "A business that looks everywhere it can look finds nothing of who made a visit.",
        "We take shoppers’ true names, numbers and times, and search every page and file as each kind of visitor.",
    ): proof.proven,
    # CU-14, CS-20: mail and work are two things
    Promise(
        "no-mail-same-offers", "If you want no mail from us, you are offered the same visits as before.",
        "We ask the job board as shoppers, with and without mail, and compare.",
    ): shoppers.mail_changes_no_offer,
    # CS-45, CS-51, GS-28, GS-32: access and portability
    Promise(
        "copy-of-all", "If you make visits for a company, you can take a copy of all it holds about you, at any time.",
        "We gather what copies of some shoppers would hold, as they would, and compare it with all that there is.",
    ): copies.copies_complete,
    # SM-22, SM-23: retention
    Promise(
        "kept-no-longer",
        "What we hold about people goes by itself when its time is over. Records of consent and of what was done stay.",
        "We look for anything that should have gone, and for what is left of people who were erased.",
    ): keeping.kept_no_longer,
}  # fmt: skip
