"""A few of the damages that scripts/stress corruption does by thousands."""

from pathlib import Path

from tests.stress.corruption import trials


def test_damage_is_found_and_never_answers_wrongly(tmp_path: Path) -> None:
    done = list(trials(range(40), tmp_path))
    assert [trial for trial in done if trial.faults] == []
    assert {trial.verified for trial in done} == {"found"}
    assert {trial.searched for trial in done} == {"refused", "same answers"}
    assert sum(trial.repaired != "not tried" for trial in done) == 4
