"""A shopper of whom something stands in every column that is about shoppers, truly sealed where it is sealed.

Every value is one that no other column holds, so that a copy that mixes two columns up is found out.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from PIL import Image

from privacy.vault import Place, create_subject, data_key, seal
from survey.media import Media, media_of
from survey.shoppers.service import files
from tests.conftest import NOW
from tests.shop_world import ADDRESS, Shopper, ShopWorld, insert, update

STAFF_NAME = "Zqw Editorson"
MENTIONED = "Zqw Serverson"


@dataclass
class Planted:
    """Somebody with everything. stored: the files by name; staff: ids of people who must not be in a copy."""

    there: ShopWorld
    me: Shopper
    media: Media
    report_id: UUID = field(default_factory=uuid4)
    shop_id: UUID = field(default_factory=uuid4)
    stored: dict[str, bytes] = field(default_factory=dict)
    staff: list[UUID] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def own(self) -> dict[str, Any]:
        """What every row that hangs on the shopper begins with."""
        return {"affiliate_id": self.there.affiliate_id, "shopper_id": self.me.id}

    @property
    def of_report(self) -> dict[str, Any]:
        """What every row that hangs on the report begins with."""
        return {"affiliate_id": self.there.affiliate_id, "report_id": self.report_id}

    def word(self) -> str:
        """A word that stands nowhere else."""
        return f"zqw-{next(self.numbers)}-{self.me.id.hex[:8]}"

    def moment(self) -> datetime:
        """A moment that nothing else has."""
        return NOW - timedelta(days=9) + timedelta(minutes=next(self.numbers))

    def day(self) -> date:
        """A day that nothing else has."""
        return NOW.date() + timedelta(days=400 + next(self.numbers))

    def somebody(self) -> UUID:
        """An account of staff."""
        self.staff.append(uuid4())
        return self.staff[-1]

    async def sealed(self, column: str, row_id: UUID, subject_id: UUID, text: str = "") -> bytes:
        """A word under the subject's own key, bound to its place."""
        key = await data_key(self.there.owner, self.there.settings.keyring, subject_id)
        return seal(key, Place(column, row_id, subject_id), text or self.word())

    async def put(self, table: str, values: dict[str, Any]) -> None:
        """One row."""
        await insert(self.there.owner, table, values)


async def planted(there: ShopWorld) -> Planted:
    """All of it."""
    one = Planted(there, await there.shopper("Zqw Shopperson", has_read=False), media_of(there.settings))
    for plant in (_profile, _shown, _standing, _shops, _report, _proofs, _review, _marks, _words, _money, _around):
        await plant(one)
    return one


async def _profile(one: Planted) -> None:
    me = one.me.id
    home = ADDRESS | {"street": one.word()}
    await update(one.there.owner, "identity.shopper", me, {
        "address": await one.sealed("identity.shopper.address", me, me, json.dumps(home)),
        "household_index": me.bytes, "bands": {"age": one.word()}, "grade_tenths": 83, "agreed_at": one.moment(),
        "region": one.word(), "wants_news": True, "news_within_km": 27,
        "news_least_cents": 1700, "news_every": "week", "units": "mi", "latitude": 51.23, "longitude": -2.34,
    })  # fmt: skip
    email = await one.sealed("identity.email_change.email", me, me)
    change = {"id": uuid4(), "email": email, "email_index": b"zqw-index-of-change", "asked_at": one.moment()}
    await one.put("identity.email_change", one.own | change)
    marks = {name: f"zqw-index-of-{name}".encode() for name in ("phone", "family", "namesake", "payout")}
    await one.put("identity.likeness", one.own | {f"{name}_index": index for name, index in marks.items()})
    verdict = {"signs": ("phone",), "verdict": "unrelated", "decided_by": one.somebody(), "decided_at": one.moment()}
    alike = await one.there.shopper("Zqw Lookalike", has_read=False)
    await one.put("identity.likeness_verdict", one.own | verdict | {"other_id": alike.id})


async def _shown(one: Planted) -> None:
    there, me, made = one.there, one.me.id, {"affiliate_id": one.there.affiliate_id, "created_at": NOW}
    key = await data_key(there.owner, there.settings.keyring, me)
    kind_id, field_id, document_id = uuid4(), uuid4(), uuid4()
    await one.put("field.qualification_kind", made | {"id": kind_id, "code": f"k{kind_id.hex}", "label": "Licence"})
    await one.put(
        "field.profile_field", made | {"id": field_id, "label": "Your days", "kind": "text", "reason": "x"}
    )  # fmt: skip
    photo, paper = _picture(one, "red"), b"%PDF-1.7 " + one.word().encode()
    photo_key = await files.keep(one.media, key, files.PORTRAIT, me, photo)
    paper_key = await files.keep(one.media, key, files.DOCUMENT, document_id, paper)
    one.stored |= {photo_key: photo, paper_key: paper}
    await one.put("identity.portrait", one.own | {"media_key": photo_key, "added_at": one.moment()})
    await one.put("identity.document", one.own | {
        "id": document_id, "kind_id": kind_id, "media_key": paper_key, "format": "pdf", "sent_at": one.moment(),
        "purge_on": one.day(), "valid_until": one.day(), "state": "declined", "decided_at": one.moment(),
        "reason": await one.sealed("identity.document.reason", document_id, me),
    })  # fmt: skip
    told = await one.sealed(f"identity.profile_answer.sealed#{field_id}", me, me)
    await one.put("identity.profile_answer", one.own | {"field_id": field_id, "sealed": told, "updated_at": NOW})


async def _standing(one: Planted) -> None:
    there, me = one.there, one.me.id
    conflict_id = uuid4()
    conflict = {"client_id": there.client_id, "kind": "works_there", "source": "self", "created_at": one.moment()}
    company = await one.sealed("identity.conflict.company", conflict_id, me)
    await one.put("identity.conflict", one.own | conflict | {"id": conflict_id, "company": company, "checked_at": NOW})
    await one.put("identity.conflict", one.own | conflict | {"id": uuid4(), "source": "staff"})
    qualified = uuid4()
    await one.put("identity.qualification", one.own | {
        "id": qualified, "code": one.word(), "source": "document", "status": "refused", "expires_on": one.day(),
        "created_at": one.moment(), "reason": await one.sealed("identity.qualification.reason", qualified, me),
    })  # fmt: skip
    quiz = one.own | {"guideline_id": there.guideline_id}
    await one.put("identity.guideline_reading", quiz | {"read_at": one.moment()})
    await one.put("identity.certification", quiz | {"passed_at": one.moment(), "percent": 97})
    await one.put("identity.quiz_try", quiz | {"number": 1, "percent": 41, "tried_at": one.moment()})
    granted = {"after_try": 3, "granted_by": one.somebody(), "granted_at": one.moment()}
    await one.put("identity.quiz_grant", quiz | granted)


async def _shops(one: Planted) -> None:
    there, me = one.there, one.me
    one.shop_id = await there.shop("CLOSED", me, planned_on=NOW.date())
    await there.owner.execute(
        "UPDATE identity.assignment SET household_index = $2, planned_on = $3, round_id = $4, round_place = 7,"
        " assigned_at = $5, ended_at = $6 WHERE shop_id = $1",
        one.shop_id, me.id.bytes, one.day(), uuid4(), one.moment(), one.moment(),
    )  # fmt: skip
    await there.application(
        await there.shop("OPEN"), me, note=one.word(), proposed_on=one.day(), created_at=one.moment()
    )  # fmt: skip
    told = {"shop_id": await there.shop("OPEN"), "occasion": uuid4(), "told_at": one.moment()}
    await one.put("identity.shop_told", one.own | told)
    held, wish_id = await there.shop("ASSIGNED", me), uuid4()
    assignment_id = await there.owner.fetchval("SELECT id FROM identity.assignment WHERE shop_id = $1", held)
    await one.put("identity.extension", one.own | {
        "id": wish_id, "shop_id": held, "assignment_id": assignment_id, "wanted_on": one.day(), "reason": "travel",
        "note": await one.sealed("identity.extension.note", wish_id, me.id), "asked_at": one.moment(),
        "state": "DECLINED", "answer": "no_time", "decided_by": one.somebody(), "decided_at": one.moment(),
    })  # fmt: skip


async def _report(one: Planted) -> None:
    there, me = one.there, one.me.id
    times = {name: one.moment() for name in ("time_in", "time_out", "started_at", "submitted_at")}
    one.report_id = report_id = await there.report(one.shop_id, {"clean": 4}, receipt_cents=1733, **times)
    text = await one.sealed("field.report_text.sealed#improve", report_id, report_id)
    await one.put("field.report_text", one.of_report | {"question_id": "improve", "sealed": text})
    whole = json.dumps({"coded": {"clean": 2}, "texts": {"improve": one.word()}})
    handed = await one.sealed("field.report_submission.sealed#1", report_id, report_id, whole)
    submission = {"number": 1, "sealed": handed, "submitted_at": one.moment()}
    await one.put("field.report_submission", one.of_report | submission)
    mention_id = uuid4()
    mention = {"id": mention_id, "token": "E1", "role": "server", "created_at": NOW, "purge_after": NOW.date()}
    name = await one.sealed("field.employee_mention.name", mention_id, report_id, MENTIONED)
    await one.put("field.employee_mention", one.of_report | mention | {"name": name})
    fingerprint = {"question_id": "improve", "fingerprint": b"zqw-fingerprint".ljust(32)}
    await one.put("field.text_fingerprint", one.of_report | fingerprint)
    under_way = await there.shop("IN_PROGRESS", one.me)
    draft_id = await there.report(under_way, {"clean": 1})
    await there.owner.execute("UPDATE field.report SET shop_id = NULL, submitted_at = NULL WHERE id = $1", draft_id)
    draft = {"report_id": draft_id, "shop_id": under_way, "shopper_id": me, "changed_at": one.moment()}
    await one.put("identity.draft", draft | {"affiliate_id": there.affiliate_id})


async def _proofs(one: Planted) -> None:
    place = {"latitude": "52.111", "longitude": "-1.222", "accuracy_m": 19, "at": one.moment()}
    await one.there.owner.execute(
        "INSERT INTO field.check_in (report_id, affiliate_id, latitude, longitude, accuracy_m, at)"
        " VALUES ($1, $2, $3::text::numeric, $4::text::numeric, $5, $6)",
        one.report_id, one.there.affiliate_id, *place.values(),
    )  # fmt: skip
    pictures = [await _stored(one, "evidence", _picture(one, colour)) for colour in ("green", "blue")]
    await one.put("field.evidence", one.of_report | {
        "id": uuid4(), "kind": "photo", "media_key": pictures[0], "client_key": pictures[1],
        "digest": b"zqw-digest-of-picture".ljust(32), "look": 4711471147114711, "size_bytes": 6, "width": 1,
        "height": 1, "created_at": one.moment(),
    })  # fmt: skip
    sounds = [await _stored(one, "recordings", b"OggS" + one.word().encode()) for _ in range(2)]
    await one.put("field.recording", one.of_report | {
        "id": uuid4(), "kind": "audio", "state": "waiting", "original_key": sounds[0], "media_key": sounds[1],
        "digest": b"zqw-digest-of-sound".ljust(32), "size_bytes": 6, "declared_at": one.moment(),
        "created_at": one.moment(),
    })  # fmt: skip


async def _review(one: Planted) -> None:
    owner, report_id = one.there.owner, one.report_id
    coaching = await one.sealed("field.review.coaching", report_id, report_id)
    await owner.execute(
        "INSERT INTO field.review (report_id, affiliate_id, shop_id, flags, breakdown, coaching, decision, decided_by,"
        " decided_at, proposed_words) VALUES ($1, $2, $3, '{same_text,far_away}', $4, $5, 'approved', $6, $7, $8)",
        report_id, one.there.affiliate_id, one.shop_id, '{"clear": 17}', coaching, one.somebody(), one.moment(),
        await one.sealed("field.review.proposed_words", report_id, report_id),
    )  # fmt: skip
    await one.put("field.review_decision", one.of_report | {
        "n": 1, "shop_id": one.shop_id, "kind": "approved", "old_grade": 7, "new_grade": 9, "by_id": one.somebody(),
        "words": await one.sealed("field.review_decision.words#1", report_id, report_id), "at": one.moment(),
    })  # fmt: skip
    await one.put("field.finding_left", one.of_report | {
        "question_id": "improve", "fingerprint": b"zqw-fingerprint-of-words".ljust(32), "by_id": one.somebody(),
        "left_at": NOW, "reason": await one.sealed("field.finding_left.reason#improve", report_id, report_id),
    })  # fmt: skip
    contest_id, question_id = uuid4(), uuid4()
    await one.put("field.rejection_contest", one.of_report | {
        "id": contest_id, "shop_id": one.shop_id, "rejected_at": NOW - timedelta(days=9), "state": "DECLINED",
        "words": await one.sealed("field.rejection_contest.words", contest_id, report_id),
        "answer": await one.sealed("field.rejection_contest.answer", contest_id, report_id),
        "raised_at": one.moment(), "decided_by": one.somebody(), "decided_at": one.moment(),
    })  # fmt: skip
    edit = {name: await one.sealed(f"field.report_edit.{name}#improve", report_id, report_id)
            for name in ("old_sealed", "new_sealed", "reason")}  # fmt: skip
    await owner.execute(
        "INSERT INTO field.report_edit (report_id, affiliate_id, by_id, at, old_coded, new_coded, old_sealed,"
        " new_sealed, reason, question_id, n, origin)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'improve', 1, 'editor')",
        report_id, one.there.affiliate_id, one.somebody(), one.moment(), json.dumps(one.word()),
        json.dumps(one.word()), *edit.values(),
    )  # fmt: skip
    note = {"question_id": "improve", "by_id": one.somebody(), "at": one.moment(), "sent_at": one.moment()}
    words = await one.sealed("field.report_note.note#improve", report_id, report_id)
    await one.put("field.report_note", one.of_report | note | {"note": words})
    await one.put("field.appeal_question", one.of_report | {
        "id": question_id, "appeal_id": uuid4(), "question_id": "improve", "asked_by": one.somebody(),
        "asked": await one.sealed("field.appeal_question.asked", question_id, report_id), "asked_at": one.moment(),
        "answer": await one.sealed("field.appeal_question.answer", question_id, report_id),
        "answered_at": one.moment(),
    })  # fmt: skip


async def _marks(one: Planted) -> None:
    there, me, mark_id, decision_id = one.there, one.me.id, uuid4(), uuid4()
    shop_id = await there.shop("OPEN")
    assignment_id = await there.assignment(shop_id, one.me, "taken_back")
    await one.put("identity.mark", one.own | {
        "id": mark_id, "shop_id": shop_id, "assignment_id": assignment_id, "kind": "no_show", "state": "UPHELD",
        "reason": "not_done", "contest": "was_ill", "proposed_at": one.moment(), "contested_at": one.moment(),
        "contest_words": await one.sealed("identity.mark.contest_words", mark_id, me), "decided_by": one.somebody(),
        "decided_at": one.moment(),
    })  # fmt: skip
    await one.put("identity.deactivation", one.own | {
        "id": decision_id, "code": "conduct", "decided_by": one.somebody(), "decided_at": one.moment(),
        "reason": await one.sealed(f"identity.deactivation.reason#{decision_id}", me, me),
        "contest": await one.sealed(f"identity.deactivation.contest#{decision_id}", me, me),
        "contested_at": one.moment(), "outcome": "lifted", "closed_at": one.moment(),
    })  # fmt: skip


async def _words(one: Planted) -> None:
    thread_id = uuid4()
    times = {name: one.moment() for name in ("waiting_since", "last_at", "created_at", "read_to")}
    await one.put(
        "identity.thread", one.own | times | {"id": thread_id, "shop_id": one.shop_id, "owner_id": one.somebody()}
    )  # fmt: skip
    for author in ("shopper", "staff"):
        message_id = uuid4()
        body = await one.sealed("identity.message.body", message_id, one.me.id)
        words = {"id": message_id, "thread_id": thread_id, "author": author, "body": body, "created_at": one.moment()}
        await one.put(
            "identity.message", one.own | words | {"account_id": one.somebody() if author == "staff" else None}
        )  # fmt: skip
    asked = one.moment()
    restriction_id = uuid4()
    await one.put("identity.restriction", one.own | {
        "id": restriction_id, "ground": "accuracy", "verdict": "ends", "decided_by": one.somebody(), "asked_at": asked,
        "words": await one.sealed("identity.restriction.words", restriction_id, one.me.id),
        "answer": await one.sealed("identity.restriction.answer", restriction_id, one.me.id),
        "decided_at": asked, "ends_at": asked + timedelta(days=15), "ended_at": asked + timedelta(days=16),
    })  # fmt: skip


async def _money(one: Planted) -> None:
    there, tax_id, batch_id = one.there, uuid4(), uuid4()
    await one.put("identity.pay_batch", {
        "id": batch_id, "affiliate_id": there.affiliate_id, "number": 1 + int(batch_id.hex[:6], 16), "currency": "USD",
        "state": "paid", "created_by": one.somebody(), "created_at": NOW, "exported_at": NOW, "paid_on": NOW.date(),
        "item_count": 1, "total_cents": 2006,
    })  # fmt: skip
    await one.put("identity.pay_item", one.own | {
        "shop_id": one.shop_id, "client_id": there.client_id, "kind": "full", "fee_cents": 1201,
        "reimbursement_cents": 302, "bonus_cents": 503, "currency": "USD", "state": "PAID", "visited_on": one.day(),
        "promised_on": one.day(), "paid_on": one.day(), "batch_id": batch_id,
    })  # fmt: skip
    await one.put("identity.payout", one.own | {
        "kind": "paypal", "handle": await one.sealed("identity.payout.handle", one.me.id, one.me.id), "last4": "zw74",
        "updated_at": one.moment(),
    })  # fmt: skip
    await create_subject(there.owner, there.settings.keyring, there.affiliate_id, tax_id)
    await one.put("identity.tax_identity", one.own | {
        "id": tax_id, "kind": "ssn", "number": await one.sealed("identity.tax_identity.number", tax_id, tax_id),
        "last4": "6321", "asked_at": one.moment(), "collected_at": one.moment(), "purge_on": one.day(),
    })  # fmt: skip


async def _around(one: Planted) -> None:
    """What stands in tables that are about other people as well."""
    there, me = one.there, one.me.id
    feed = {"id": uuid4(), "account_id": one.me.account_id, "created_at": one.moment()}
    await one.put("ops.calendar_feed", one.own | feed)
    await one.put("ledger.consent", {
        "affiliate_id": there.affiliate_id, "subject_id": me, "purpose": "contractor agreement", "is_given": True,
        "wording_version": 1, "wording": one.word(), "method": "ticked at sign-in", "at": one.moment(),
    })  # fmt: skip
    await one.put("ledger.event", {
        "affiliate_id": there.affiliate_id, "at": one.moment(), "actor_kind": "staff", "actor_id": one.somebody(),
        "action": "shopper.read", "object_kind": "shopper", "object_id": me, "subject_id": me, "purpose": one.word(),
    })  # fmt: skip
    for is_bulk in (True, False):
        await one.put("ops.delivery", {
            "affiliate_id": there.affiliate_id, "campaign_id": uuid4(), "recipient_id": me, "kind": one.word(),
            "is_bulk": is_bulk, "suppression_key": b"zqw-suppression", "not_before": NOW, "state": "skipped",
            "reason": "opted out", "opt_out_link_id": uuid4(),
        })  # fmt: skip


async def _stored(one: Planted, folder: str, content: bytes) -> str:
    key = await one.media.put(folder, content, limit_bytes=1_000_000)
    one.stored[key] = content
    return key


def _picture(one: Planted, colour: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 8), colour).save(written, "JPEG", comment=one.word().encode())
    return written.getvalue()
