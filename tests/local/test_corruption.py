"""Runs a few of the trials of ``scripts/stress corruption``."""

from pathlib import Path

from tests.stress.corruption import trials


def test_damage_is_found_and_gives_no_wrong_answer(tmp_path: Path) -> None:
    results = list(trials(range(40), tmp_path))
    assert [trial for trial in results if trial.faults] == []
    assert {trial.verified for trial in results} == {"found"}
    assert {trial.searched for trial in results} == {"refused", "same answers"}
    assert sum(trial.repaired != "not tried" for trial in results) == 4
