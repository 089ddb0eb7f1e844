"""What a list writes of what was chosen, the words for one, and the way of a sending."""

from __future__ import annotations

import pytest

from innovation.rules.machine import NoSuchMove
from innovation.rules.sending import KINDS, LINE, SENDING, Chosen, SendingAct, said_to


@pytest.mark.parametrize("written", ["idea:k3v9x2m7qa", "gate:k3v9x2m7qa/frame", "run:0000000000"])
def test_what_is_chosen_reads_as_it_was_written(written: str) -> None:
    assert str(Chosen.read(written)) == written


@pytest.mark.parametrize("written", ["", ":", "idea", "idea:", "person:k3v9x2m7qa", ":k3v9x2m7qa", "IDEA:x"])
def test_anything_else_is_nothing(written: str) -> None:
    assert Chosen.read(written) is None


def test_every_act_is_done_to_something() -> None:
    assert KINDS.keys() == set(SendingAct)
    assert all(KINDS.values())


@pytest.mark.parametrize(
    ("words", "personal", "said"),
    [
        ("No.", "", "No."),
        (" No.\n", "  Thanks. ", "No.\n\nThanks."),
        ("", "Thanks.", "Thanks."),
    ],
)
def test_the_line_for_one_stands_below_the_words_for_all(words: str, personal: str, said: str) -> None:
    assert said_to(words, personal) == said


def test_what_has_left_is_not_stopped_and_what_is_stopped_does_not_leave() -> None:
    for before, after in (("stop", "release"), ("release", "stop"), ("stop", "stop"), ("release", "release")):
        with pytest.raises(NoSuchMove):
            SENDING.after(SENDING.after(SENDING.start, before), after)


def test_a_line_is_done_or_refused_once() -> None:
    for before, after in (("carry_out", "refuse"), ("refuse", "carry_out"), ("carry_out", "carry_out")):
        with pytest.raises(NoSuchMove):
            LINE.after(LINE.after(LINE.start, before), after)
