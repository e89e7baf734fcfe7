"""``depeche serve`` or ``depeche web`` as another process, and clients of it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx

TOKEN = "a-token-for-tests-that-nobody-guesses"  # noqa: S105 - of no other server


class Server:
    """``depeche serve``, or another command, on a free port, over an index."""

    def __init__(
        self, index: Path, home: Path, *options: str, command: str = "serve", **environment: str
    ) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("DEPECHE_")}
        places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
        given = {"DEPECHE_TOKEN": TOKEN, "DEPECHE_LANGUAGE": "en", **environment}
        arguments = [sys.executable, "-m", "search", command, "--port=0", f"--index={index}", *options]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            arguments, stderr=subprocess.PIPE, text=True, env={**ours, **places, **given}
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline()
        told = re.search(r"http://\S+", self.first_line)
        if told is None:
            self.close()
            raise AssertionError(self.first_line)
        self.full_address = told[0]
        self.address, self.token = self.full_address.split("/?token=")
        self.port = int(self.address.rpartition(":")[2])

    def client(self) -> httpx.Client:
        """A program that knows the token."""
        return httpx.Client(
            base_url=self.address, headers={"Authorization": f"Bearer {self.token}"}, timeout=30
        )

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Ends it by a signal; gives its exit code, and what it printed since the first line."""
        self.process.send_signal(how)
        _, printed = self.process.communicate(timeout=20)
        return self.process.returncode, printed

    def close(self) -> None:
        """Leaves nothing behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=20)
        assert self.process.stderr is not None
        self.process.stderr.close()
