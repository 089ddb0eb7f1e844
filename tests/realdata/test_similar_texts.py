"""Answers to the same question, paired and scored by people: texts that say much the same are nearer than others."""

from __future__ import annotations

import numpy as np
import pytest

from innovation.rules.similar import Texts
from tests.conftest import REAL_DATA

pytestmark = pytest.mark.realdata

MUCH_THE_SAME = 4


def test_pairs_that_people_call_the_same_are_nearer() -> None:
    rows = (REAL_DATA / "neardup" / "sts2016_answer-answer.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in rows]
    texts = Texts([text for _score, *both in pairs for text in both[:2]])
    scored = [(place, float(score)) for place, (score, *_both) in enumerate(pairs) if score]
    cosine = np.array([texts.likeness(2 * place)[2 * place + 1] for place, _score in scored])
    same = np.array([score >= MUCH_THE_SAME for _place, score in scored])
    near, far = cosine[same][:, None], cosine[~same][None, :]
    auc = ((near > far).mean() + (near >= far).mean()) / 2
    assert (len(scored), int(same.sum()), round(float(auc), 3)) == (254, 90, 0.839)
