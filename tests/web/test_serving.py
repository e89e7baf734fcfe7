"""``depeche serve`` from start to stop, and whom it answers."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.fakes import build_index
from tests.press import PRESS

from .serving import TOKEN, Server


@pytest.fixture(scope="module")
def server(press_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(press_index, tmp_path_factory.mktemp("home"), "--mode=keyword")
    yield served
    served.close()


def test_who_knows_the_token_is_answered(server: Server) -> None:
    path = f"{server.address}/api/v1/status"
    ways: list[dict[str, dict[str, str]]] = [
        {"params": {"token": TOKEN}},
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"Cookie": f"depeche-{server.port}={TOKEN}"}},
    ]
    for way in ways:
        answer = httpx.get(path, **way)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["articles"]) == (HTTPStatus.OK, len(PRESS))


@pytest.mark.parametrize("path", ["/api/v1/status", "/api/v1/openapi.json", "/api/v1/nowhere", "/", "/mcp"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer guessed"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Cookie": f"depeche-1={TOKEN}"},
        {"Cookie": f"depeche-{{}}={TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"},
        {"Authorization": f"Bearer {TOKEN}", "Host": "127.0.0.1.evil.example:{}"},
        {"Authorization": f"Bearer {TOKEN}", "Host": "127.0.0.1:1"},
        {"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"},
        {"Authorization": f"Bearer {TOKEN}", "Origin": "null"},
        {"Authorization": f"Bearer {TOKEN}", "Origin": "https://127.0.0.1:{}"},
    ],
)
def test_others_are_refused(server: Server, path: str, headers: dict[str, str]) -> None:
    given = {name: value.format(server.port) for name, value in headers.items()}
    answer = httpx.get(server.address + path, headers=given)

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "set-cookie" not in answer.headers
    if path.startswith("/api/"):
        assert answer.json()["error"]["message"].startswith(("Open the complete", "This server answers only"))


def test_every_answer_stays_with_the_browser(server: Server) -> None:
    for path in ("/api/v1/status", "/api/v1/status?token=no", "/nowhere", "/"):
        headers = httpx.get(f"{server.address}{path}").headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/a/page?x=%C3%A9&token={}&y=1", "//evil.example/?x=%C3%A9&token={}&y=1"])
def test_a_page_with_the_token_gives_the_cookie_and_loses_the_token(server: Server, path: str) -> None:
    answer = httpx.get(server.address + path.format(TOKEN))

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["location"] == f"{server.address}{path.partition('?')[0]}?x=%C3%A9&y=1"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"depeche-{server.port}={TOKEN};")
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_peace(press_index: Path, tmp_path: Path, how: signal.Signals) -> None:
    served = Server(press_index, tmp_path)
    try:
        assert served.end(how) == (0, "")
    finally:
        served.close()


def test_a_port_in_use_is_an_error(press_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "search", "serve", f"--port={port}", f"--index={press_index}"]
        ran = subprocess.run(  # noqa: S603 - our own command
            [*command, "--language=en"], capture_output=True, text=True, timeout=30
        )

    message = f"Port {port} of 127.0.0.1 cannot be used: Address already in use; choose another with --port."
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"depeche: {message}\n")


def test_programs_share_a_private_file_with_the_token(press_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    tokens = []
    for _ in range(2):
        served = Server(press_index, tmp_path, f"--token-file={file}", DEPECHE_TOKEN="")
        tokens.append(served.token)
        served.close()

    assert tokens == [file.read_text().strip()] * 2
    assert len(tokens[0]) >= 43
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [("x" * 40, 0o644, "Others can read the token"), ("short", 0o600, "it must be 32 to 200 letters")],
)
def test_a_token_that_others_know_or_guess_is_refused(
    press_index: Path, tmp_path: Path, content: str, mode: int, message: str
) -> None:
    file = tmp_path / "token"
    file.write_text(content)
    file.chmod(mode)
    command = [sys.executable, "-m", "search", "serve", "--port=0", f"--index={press_index}"]
    ran = subprocess.run(  # noqa: S603 - our own command
        [*command, "--language=en", f"--token-file={file}"], capture_output=True, text=True, timeout=30
    )

    assert ran.returncode == 2
    assert message in ran.stderr


def test_a_new_generation_is_searched_without_a_restart(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build_index(index, PRESS[:3])
    served = Server(index, tmp_path, "--mode=keyword")
    try:
        with served.client() as client:
            before = client.get("/api/v1/status").json()
            build_index(index, PRESS)
            while (after := client.get("/api/v1/status").json())["generation"] == before["generation"]:
                pass
            timeline = client.get("/api/v1/timeline").json()
    finally:
        served.close()

    assert (before["articles"], after["articles"]) == (3, len(PRESS))
    assert timeline["generation"] == after["generation"]
