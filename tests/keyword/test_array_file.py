from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from search.errors import IndexCorrupt
from search.keyword import array_file
from search.keyword.array_file import Writer, open_arrays, open_slices

NUMBERS = arrays(np.int64, array_shapes(max_dims=2, min_side=0, max_side=5), elements=st.integers(0, 1 << 40))


@given(st.dictionaries(st.text(max_size=5), NUMBERS, max_size=4))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, written: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("container") / "arrays"
    writer = Writer(path)
    for name, numbers in written.items():
        writer.add(name, np.asarray(numbers))
    writer.finish()
    found = open_arrays(path)
    assert {name: numbers.tolist() for name, numbers in found.items()} == {
        name: np.asarray(numbers).tolist() for name, numbers in written.items()
    }


@given(st.lists(st.lists(st.integers(0, 1 << 40)), min_size=1, max_size=3), st.data())
@pytest.mark.parametrize("mapped", [0, 2**20])
def test_a_slice_is_the_same_mapped_or_read(
    tmp_path_factory: pytest.TempPathFactory, mapped: int, written: list[list[int]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("container") / "arrays"
    writer = Writer(path)
    for number, numbers in enumerate(written):
        writer.add(str(number), np.array(numbers, np.int64))
    writer.finish()
    arrays = open_arrays(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_file, "_MAPPED", mapped)
        slices = open_slices(path, arrays)
    assert (slices is arrays) == (mapped > 0)
    for number, numbers in enumerate(written):
        end = data.draw(st.integers(0, len(numbers)))
        start = data.draw(st.integers(0, end))
        part = slices[str(number)][start:end]
        assert part.dtype == arrays[str(number)].dtype
        assert part.tolist() == numbers[start:end]


def test_slices_that_are_read_stay_when_the_file_is_removed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build may remove a generation that a reader has open."""
    monkeypatch.setattr(array_file, "_MAPPED", 0)
    slices = open_slices(path, open_arrays(path))
    path.unlink()
    assert slices["room"][1:3].tolist() == [8, 70_000]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    writer = Writer(tmp_path / "arrays")
    writer.add("few", np.array([1, 255]))
    writer.allocate("room", 70_000, (3,))[:] = [7, 8, 70_000]
    writer.finish()
    return tmp_path / "arrays"


def test_numbers_take_the_smallest_type_and_arrays_are_aligned(path: Path) -> None:
    found = open_arrays(path)
    assert {name: numbers.dtype for name, numbers in found.items()} == {"few": np.uint8, "room": np.uint32}
    assert [address(found["room"]) - address(found["few"])] == [64]


def address(numbers: npt.NDArray[np.uint8]) -> int:
    found: int = numbers.__array_interface__["data"][0]
    return found


def test_arrays_cannot_be_changed_by_a_reader(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        open_arrays(path)["few"][0] = 2


def test_a_file_is_never_written_over(path: Path) -> None:
    with pytest.raises(FileExistsError):
        Writer(path)


def test_a_file_not_finished_or_cut_or_missing_is_corrupt(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(IndexCorrupt, match=r"arrays cannot be read .* run: depeche build PATH"):
            open_arrays(path)
    with pytest.raises(IndexCorrupt, match="No such file"):
        open_arrays(tmp_path / "other")


def test_a_changed_directory_is_corrupt_or_gives_numbers_of_the_file(path: Path) -> None:
    whole = path.read_bytes()
    refused = 0
    for place in range(76, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x11]) + whole[place + 1 :])
        try:
            open_arrays(path)
        except IndexCorrupt:
            refused += 1
    assert refused > (len(whole) - 76) // 2
