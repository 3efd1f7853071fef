"""The launch, from a draft to mail in the outbox."""

from survey.mail.domain import Outgoing

from .fieldwork import Fieldwork, text_of


async def test_a_launch_writes_to_everybody_of_the_audience(fieldwork: Fieldwork) -> None:
    await fieldwork.contact("ann@example.test", "Ann")
    await fieldwork.contact("bob@example.test")
    study = await fieldwork.study()
    launched = await fieldwork.launch(study)
    assert (launched.queued, launched.passed_over) == (2, 0)
    written = await fieldwork.composed(study)
    assert sorted(each.to for each in written if isinstance(each, Outgoing)) == ["ann@example.test", "bob@example.test"]
    ann = next(each for each in written if isinstance(each, Outgoing) and each.to.startswith("ann"))
    text = text_of(ann, fieldwork)
    assert "Hello Ann," in text
    assert "Leeds Station" in text
    assert "Brightwater Coffee gave us your address on 5 November 2026" in text
