"""The files of an index folder, and how to change them so that a crash does no harm.

CURRENT                      one line: the id of the published generation; the only file that changes
CURRENT.tmp                  the id of the generation that is about to be published; if the build stops
                             before that, the next build removes both
.lock                        a builder has an exclusive flock on it; the kernel frees it when the process dies
generations/<id>/            manifest.json  articles.sqlite  keyword.arrays  vectors.npy
                             vectors.codes: by which a search chooses rows; not there when there are few
                             families.npy: the leader of each article among its copies
                             encoded.npy: by row, whether it has a vector; not there when all have one
                             signatures.npy  compared.npy: what the next build needs to find copies
                             a reader has a shared flock on the folder; this needs no right to write
staging-<id>/                an unfinished build, or the rest of a removed generation; the next build
                             removes it
encoded.sqlite               the vectors of a build that is not published; the next build uses them

Locks work between the processes of one machine. They may fail for builders and readers that share a folder
over NFS.
"""

import errno
import fcntl
import hashlib
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from search.errors import IndexBusy, IndexCorrupt, IndexMissing, Translatable
from search.files import checksum, sync

_CURRENT = "CURRENT"
_PENDING = "CURRENT.tmp"
_SELECTED = "CURRENT.repaired"
_GENERATIONS = "generations"
_STAGING = "staging-"
_MANIFEST = "manifest.json"
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)


class Layout:
    """The paths of one generation's files, published or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = folder / _MANIFEST
        self.articles = folder / "articles.sqlite"
        self.leaders = folder / "families.npy"
        self.signatures = folder / "signatures.npy"
        self.compared = folder / "compared.npy"
        self.keyword = folder / "keyword.arrays"
        self.vectors = folder / "vectors.npy"
        self.codes = folder / "vectors.codes"
        self.former_vectors = folder / "vectors.faiss"  # of formats 1 to 6
        self.encoded = folder / "encoded.npy"

    @property
    def without_vectors(self) -> tuple[Path, ...]:
        """The files that say nothing of vectors."""
        return self.articles, self.leaders, self.signatures, self.compared, self.keyword


@contextmanager
def build_lock(index: Path) -> Iterator[None]:
    """Lock other builders out; raises IndexBusy, which names the other process, when one is at work."""
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
                    _lock_holder(lock.read()),
                )
            ) from exc
        lock.truncate(0)
        lock.write(f"{os.getpid()} {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        lock.flush()
        yield


def _lock_holder(content: str) -> Translatable:
    """The process that has the builder's lock, from the content of the lock file."""
    process, _, since = content.strip().partition(" ")
    return Translatable("process {}, since {}", process, since) if since else Translatable("just started")


def published_id(index: Path) -> str:
    """The id of the published generation; ``""`` when nothing was published yet."""
    return _read_id(index / _CURRENT)


def current(index: Path) -> Path:
    """The folder of the published generation; raises IndexMissing or IndexCorrupt."""
    name, folders = published_id(index), generations(index)
    if not name and not folders:
        raise IndexMissing(
            Translatable("There is no index in {}; run: depeche build PATH --index {}", index, index)
        )
    for folder in folders:
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
    """The folders of all generations that were ever published, the newest first."""
    folders = (path for path in (index / _GENERATIONS).glob("*") if path.is_dir())
    return sorted((folder for folder in folders if not _never_published(index, folder)), reverse=True)


def candidates(index: Path) -> list[Path]:
    """The folders of ``generations``, the published one first if it exists, then the newest first."""
    name = published_id(index)
    return sorted(generations(index), key=lambda folder: folder.name != name)


def set_current(index: Path, folder: Path) -> None:
    """Make CURRENT name an existing generation, durably."""
    pending = index / _SELECTED
    pending.write_text(f"{folder.name}\n", encoding="utf-8")
    sync(pending)
    pending.replace(index / _CURRENT)
    sync(index)


def is_current(index: Path, folder: Path) -> bool:
    """Whether CURRENT holds exactly the name of this generation and a line break."""
    try:
        return (index / _CURRENT).read_bytes() == f"{folder.name}\n".encode()
    except OSError:
        return False


def repair_command(folder: Path) -> str:
    """The command that repairs an index; ``folder`` is one of its generations, published or staged."""
    index = folder.parent.parent if folder.parent.name == _GENERATIONS else folder.parent
    return f"depeche repair --index {shlex.quote(str(index))}"


def damage_error(folder: Path, what: str) -> IndexCorrupt:
    """The error for a damaged generation, with the command that repairs its index."""
    return IndexCorrupt(Translatable("The index is damaged: {}; run: {}", what, repair_command(folder)))


@contextmanager
def shared_lock(folder: Path) -> Iterator[None]:
    """Keep builders from removing a generation; raises IndexCorrupt when it is removed already."""
    with ExitStack() as stack:
        try:
            locked = stack.enter_context(_try_lock(folder, fcntl.LOCK_SH))
        except FileNotFoundError as exc:
            raise _removed(folder) from exc
        if not locked:
            raise _removed(folder)
        yield


def new_staging(index: Path) -> Layout:
    """Remove everything that an unfinished build left, then make an empty staging folder."""
    _clear_unfinished(index)
    moment = datetime.now(UTC)
    name = f"{moment:%Y%m%dT%H%M%S.%fZ}-{hashlib.sha256(os.urandom(16)).hexdigest()[:6]}"
    staging = Layout(index / f"{_STAGING}{name}")
    staging.folder.mkdir()
    return staging


@contextmanager
def staging_folder(index: Path) -> Iterator[Layout]:
    """Make an empty staging folder, and remove it at the end unless it was published."""
    staging = new_staging(index)
    try:
        yield staging
    finally:
        shutil.rmtree(staging.folder, ignore_errors=True)  # the next build removes what is left


def vector_cache_file(index: Path) -> Path:
    """The file of the vectors that are made but not published yet."""
    return index / "encoded.sqlite"


def generation_id(staging: Layout) -> str:
    """The id of a generation, published or staged."""
    return staging.folder.name.removeprefix(_STAGING)


def file_names(layout: Layout) -> set[str]:
    """Every file of a generation except its manifest, as a path relative to its folder."""
    paths = (path for path in layout.folder.rglob("*") if path.is_file() and path != layout.manifest)
    return {path.relative_to(layout.folder).as_posix() for path in paths}


def checksums(layout: Layout, known: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of every file of a generation except its manifest, by path relative to its folder.

    Those that are ``known`` are not computed.
    """
    names = sorted(file_names(layout))
    return {name: known.get(name) or checksum(layout.folder / name) for name in names}


def share_words(published: Layout, staging: Layout) -> None:
    """Give a staged generation all files of a published one but those of its vectors; raises OSError.

    They are the same files under two names, or copies where the file system has no hard links.
    """
    for path in published.without_vectors:
        shared = staging.folder / path.name
        try:
            os.link(path, shared)
        except OSError:
            shutil.copyfile(path, shared)


def publish(index: Path, staging: Layout, kept: str) -> Path:
    """Make a staged generation durable, and make CURRENT name it; give its folder.

    Then remove all other generations except ``kept``. A later build removes those that a reader has locked.
    """
    for path in [*staging.folder.rglob("*"), staging.folder]:
        sync(path)
    folder = index / _GENERATIONS / generation_id(staging)
    folder.parent.mkdir(exist_ok=True)
    pending = index / _PENDING
    pending.write_text(f"{folder.name}\n", encoding="utf-8")
    sync(pending)
    # CURRENT.tmp must be on disk before the folder is: it tells which generation was never published.
    sync(index)
    staging.folder.rename(folder)
    sync(folder.parent)
    pending.replace(index / _CURRENT)
    sync(index)
    for old in folder.parent.iterdir():
        if old.name not in (folder.name, kept):
            _remove_unless_locked(old)
    return folder


def _clear_unfinished(index: Path) -> None:
    """Remove what an unfinished build left, also a generation that CURRENT never named."""
    for unfinished in index.glob(f"{_STAGING}*"):
        shutil.rmtree(unfinished)
    for folder in (index / _GENERATIONS).glob("*"):
        if _never_published(index, folder):
            _remove_unless_locked(folder)
    (index / _PENDING).unlink(missing_ok=True)
    (index / _SELECTED).unlink(missing_ok=True)


def _never_published(index: Path, folder: Path) -> bool:
    """Whether the build that made a generation was stopped before CURRENT named it."""
    return folder.name == _read_id(index / _PENDING) != published_id(index)


def _remove_unless_locked(folder: Path) -> None:
    """Remove a generation that no reader has locked; if that fails, a later build tries again."""
    with suppress(OSError), _try_lock(folder, fcntl.LOCK_EX) as locked:
        if locked:
            rest = folder.rename(folder.parent.parent / f"{_STAGING}{folder.name}")
            shutil.rmtree(rest)


@contextmanager
def _try_lock(folder: Path, kind: int) -> Iterator[bool]:
    """Lock a folder without waiting; give whether it is locked, or the file system has no locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _flock(descriptor, kind)
    finally:
        os.close(descriptor)


def _flock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as exc:
        if exc.errno not in _NO_LOCKS:
            raise
    return True


def _removed(folder: Path) -> IndexCorrupt:
    return IndexCorrupt(Translatable("{} is not there any more; run: depeche build PATH", folder))


def _read_id(path: Path) -> str:
    """The id in a file; ``""`` when there is no such file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return ""
