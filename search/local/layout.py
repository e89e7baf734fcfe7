"""Where the files of an index folder lie, and how they are changed so that no crash can hurt them.

CURRENT                      one line: the id of the published generation; the only file that changes
CURRENT.tmp                  the id of one about to be published; the next build clears both, when it was not
.lock                        flock held by a builder; the kernel frees it when the process dies
generations/<id>/            manifest.json  articles.sqlite  keyword.arrays  vectors.faiss
                             families.npy  and what finds them again: signatures.npy  compared.npy
                             a reader holds a shared flock on the folder, which needs no right to write
staging-<id>/                an unfinished build, or what is left of a collected one; the next build clears it
encoded.sqlite               vectors that an unpublished build has paid for; the next build takes them over

Locks hold between the processes of one machine: nothing is promised for builders and readers that share a
folder over NFS.
"""

import errno
import fcntl
import hashlib
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from search.errors import IndexBusy, IndexCorrupt, IndexMissing, Translatable
from search.files import sync
from search.local import integrity

_CURRENT = "CURRENT"
_PENDING = "CURRENT.tmp"
_SELECTED = "CURRENT.repaired"
_GENERATIONS = "generations"
_STAGING = "staging-"
_MANIFEST = "manifest.json"
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class Layout:
    """The paths of one generation's files, published or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = folder / _MANIFEST
        self.articles = folder / "articles.sqlite"
        self.families = folder / "families.npy"
        self.signatures = folder / "signatures.npy"
        self.compared = folder / "compared.npy"
        self.keyword = folder / "keyword.arrays"
        self.vectors = folder / "vectors.faiss"


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """Hold the builder's lock; raises IndexBusy at once, with the holder's, when another does."""
    index.mkdir(parents=True, exist_ok=True)
    with (index / ".lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            lock.seek(0)
            raise IndexBusy(
                Translatable(
                    "Another build is at work in {} ({}); wait until it ends, or stop it.",
                    index,
                    _holder(lock.read()),
                )
            ) from exc
        lock.truncate(0)
        lock.write(f"{os.getpid()} {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        lock.flush()
        yield


def _holder(written: str) -> Translatable:
    """Who holds the builder's lock, by what it wrote there."""
    process, _, since = written.strip().partition(" ")
    return Translatable("process {}, since {}", process, since) if since else Translatable("just started")


def published(index: Path) -> str:
    """The id of the published generation; ``""`` when nothing was published yet."""
    return _named(index / _CURRENT)


def current(index: Path) -> Path:
    """The folder of the published generation; raises IndexMissing or IndexCorrupt."""
    name, there = published(index), generations(index)
    if not name and not there:
        raise IndexMissing(
            Translatable("There is no index in {}; run: depeche build PATH --index {}", index, index)
        )
    for folder in there:
        if folder.name == name:
            return folder
    raise IndexCorrupt(
        Translatable(
            "{} names {!r}, which is not there; run: depeche repair --index {}",
            index / _CURRENT,
            name,
            shlex.quote(str(index)),
        )
    )


def generations(index: Path) -> list[Path]:
    """The folders of all generations that were published, the newest first."""
    folders = (path for path in (index / _GENERATIONS).glob("*") if path.is_dir())
    return sorted((folder for folder in folders if not _unpublished(index, folder)), reverse=True)


def candidates(index: Path) -> list[Path]:
    """Every generation that was published: the one that is, if it is there, then the newest."""
    name = published(index)
    return sorted(generations(index), key=lambda folder: folder.name != name)


def select(index: Path, folder: Path) -> None:
    """Let CURRENT name a generation that is there, durably."""
    pending = index / _SELECTED
    pending.write_text(f"{folder.name}\n", encoding="utf-8")
    sync(pending)
    pending.replace(index / _CURRENT)
    sync(index)


def selected(index: Path, folder: Path) -> bool:
    """Whether CURRENT names a generation, to the letter."""
    try:
        return (index / _CURRENT).read_bytes() == f"{folder.name}\n".encode()
    except OSError:
        return False


def repairing(folder: Path) -> str:
    """The command that repairs the index which a generation, published or staged, belongs to."""
    index = folder.parent.parent if folder.parent.name == _GENERATIONS else folder.parent
    return f"depeche repair --index {shlex.quote(str(index))}"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a generation from being collected meanwhile; raises IndexCorrupt when it is gone, or going."""
    with ExitStack() as lock:
        try:
            shared = lock.enter_context(_lock(folder, fcntl.LOCK_SH))
        except FileNotFoundError as exc:
            raise _gone(folder) from exc
        if not shared:
            raise _gone(folder)
        yield


def begin(index: Path) -> Layout:
    """Make an empty staging folder, in place of all that an unfinished build left."""
    _clear(index)
    moment = datetime.now(UTC)
    name = f"{moment:%Y%m%dT%H%M%S.%fZ}-{hashlib.sha256(os.urandom(16)).hexdigest()[:6]}"
    staging = Layout(index / f"{_STAGING}{name}")
    staging.folder.mkdir()
    return staging


@contextmanager
def staged(index: Path) -> Iterator[Layout]:
    """Give an empty staging folder, and remove it unless it is published in the end."""
    staging = begin(index)
    try:
        yield staging
    finally:
        shutil.rmtree(staging.folder, ignore_errors=True)  # what stays, the next build clears


def encoded(index: Path) -> Path:
    """The file that keeps vectors from when they are made until they are published."""
    return index / "encoded.sqlite"


def generation_id(staging: Layout) -> str:
    """The id that a staging folder will have when it is published."""
    return staging.folder.name.removeprefix(_STAGING)


def files(layout: Layout) -> set[str]:
    """Every file of a generation but its manifest, relative to its folder."""
    paths = (path for path in layout.folder.rglob("*") if path.is_file() and path != layout.manifest)
    return {path.relative_to(layout.folder).as_posix() for path in paths}


def checksums(layout: Layout) -> dict[str, str]:
    """SHA-256 of every file of a generation but its manifest, by path relative to its folder."""
    return {name: integrity.checksum(layout.folder / name) for name in sorted(files(layout))}


def publish(index: Path, staging: Layout) -> Path:
    """Make everything durable, let CURRENT name this generation, collect all but it and the one before.

    What a reader holds is left to a later build.
    """
    for path in [*staging.folder.rglob("*"), staging.folder]:
        sync(path)
    previous = published(index)
    folder = index / _GENERATIONS / generation_id(staging)
    folder.parent.mkdir(exist_ok=True)
    pending = index / _PENDING
    pending.write_text(f"{folder.name}\n", encoding="utf-8")
    sync(pending)
    sync(index)  # before the generation is one: what was not published is known by it
    staging.folder.rename(folder)
    sync(folder.parent)
    pending.replace(index / _CURRENT)
    sync(index)
    for old in folder.parent.iterdir():
        if old.name not in (folder.name, previous):
            _collect(old)
    return folder


def _clear(index: Path) -> None:
    """Remove what an unfinished build left, be it a generation that CURRENT never named."""
    for unfinished in index.glob(f"{_STAGING}*"):
        shutil.rmtree(unfinished)
    for folder in (index / _GENERATIONS).glob("*"):
        if _unpublished(index, folder):
            _collect(folder)
    (index / _PENDING).unlink(missing_ok=True)
    (index / _SELECTED).unlink(missing_ok=True)


def _unpublished(index: Path, folder: Path) -> bool:
    """Whether the build that made a generation was stopped before CURRENT named it."""
    return folder.name == _named(index / _PENDING) != published(index)


def _collect(folder: Path) -> None:
    """Remove a generation that no reader holds; what cannot be removed is left to a later build."""
    with suppress(OSError), _lock(folder, fcntl.LOCK_EX) as alone:
        if alone:
            rest = folder.rename(folder.parent.parent / f"{_STAGING}{folder.name}")
            shutil.rmtree(rest)


@contextmanager
def _lock(folder: Path, kind: int) -> Iterator[bool]:
    """Tell whether this lock is had at once, or there are none on such a file system."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _had(descriptor, kind)
    finally:
        os.close(descriptor)


def _had(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as exc:
        if exc.errno not in _NO_LOCKS:
            raise
    return True


def _gone(folder: Path) -> IndexCorrupt:
    return IndexCorrupt(Translatable("{} is not there any more; run: depeche build PATH", folder))


def _named(path: Path) -> str:
    """The id in a file; ``""`` when there is no such file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return ""
