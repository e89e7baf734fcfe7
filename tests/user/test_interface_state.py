from pathlib import Path

from search.types import Mode, Sort
from search.user.interface_state import InterfaceState, load_state, save_state


def test_the_interface_is_found_as_it_was_left(folder: Path) -> None:
    state = InterfaceState("light", Mode.SEMANTIC, Sort.DATE, filters_shown=True)
    save_state(folder, state)

    assert load_state(folder) == (state, "")


def test_the_oldest_first_is_kept_too(folder: Path) -> None:
    state = InterfaceState(sort=Sort.OLDEST)
    save_state(folder, state)

    assert (folder / "interface.json").read_text().count('"oldest"') == 1
    assert load_state(folder) == (state, "")


def test_what_a_later_version_remembers_is_no_damage(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "interface.json").write_text('{"theme": "light", "width": 3}')

    assert load_state(folder) == (InterfaceState("light"), "")


def test_settings_that_cannot_be_read_are_set_aside(folder: Path) -> None:
    save_state(folder, InterfaceState("light"))
    (folder / "interface.json").write_text('{"mode": "telepathy"}')

    state, notice = load_state(folder)
    assert state == InterfaceState()
    assert "interface.json is damaged" in notice
    assert (folder / "interface.json.damaged").read_text() == '{"mode": "telepathy"}'
