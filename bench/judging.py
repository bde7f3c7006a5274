"""What judging one line costs, against a free-text question with four accepted answers."""

import time
from collections.abc import AsyncIterator
from statistics import median

from bench import chatter
from bench.figures import Figure, spread
from games.matching import AnswerKey, Verdict

MOST_US = 5.0
NEAR = (
    "madame bovari",
    "Mme  Bovary !",
    "emma bovarie",
    "Bovary…",
    "c’est Madame Bovary",
    "madame beauvary",
)
OTHERS = (
    (
        "ordinary line, numbers in the answers",
        ("Vingt mille lieues sous les mers", "20 000 lieues", "Vingt mille lieues", "20 000"),
        False,
    ),
    (
        "ordinary line, a person",
        ("Antoine de Saint-Exupéry", "Saint-Ex", "Antoine Saint-Exupéry", "St Ex"),
        True,
    ),
)
"""Questions that ask more of the judge, each with four accepted answers."""


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the cost of chat and that of answers, right or nearly."""
    question = chatter.QUESTION
    key = AnswerKey((question.answer, *question.accept), locale="fr")
    rounds = 5 if quick else 25
    chat = _time(key, chatter.lines(5_000), rounds)
    yield Figure("judge", "ordinary line", median(chat), "us", most=MOST_US, note=spread(chat, 2))
    for metric, accepted, person in OTHERS:
        other = AnswerKey(accepted, locale="fr", person=person)
        chat = _time(other, chatter.lines(5_000), rounds)
        yield Figure("judge", metric, median(chat), "us", most=MOST_US, note=spread(chat, 2))
    near = _time(key, list(NEAR) * 800, rounds)
    yield Figure(
        "judge", "answer, right or nearly", median(near), "us", most=MOST_US, note=spread(near, 2)
    )


def _time(key: AnswerKey, lines: list[str], rounds: int) -> list[float]:
    judge, costs = key.judge, []
    for _ in range(rounds):
        began = time.perf_counter()
        right = sum(judge(line) is Verdict.RIGHT for line in lines)
        costs.append((time.perf_counter() - began) / len(lines) * 1e6)
        assert right or lines[0] not in NEAR
    return costs
