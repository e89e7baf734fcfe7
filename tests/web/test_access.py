import re
import subprocess
import sys
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest

from tests.test_architecture import ROOT

from .served import Served, enter, page_of, shown


async def test_the_page_needs_nothing_from_elsewhere(client: aiohttp.ClientSession, shared: Served) -> None:
    async with client.get(shared.full_address) as answer:
        page = await answer.text()
        policy = answer.headers["Content-Security-Policy"]

    assert answer.status == HTTPStatus.OK
    assert "<title>Dépêche</title>" in page
    assert re.findall(r"\w+://[^/\"]+", page) == [f"ws://127.0.0.1:{shared.port}"]
    (nonce,) = re.findall(r'<script nonce="([^"]+)">', page)
    assert "default-src 'none'" in policy
    assert f"script-src 'self' 'nonce-{nonce}';" in policy
    assert len(nonce) >= 32
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        async with client.get(shared.address + file) as answer:
            assert (file, answer.status) == (file, HTTPStatus.OK)


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/nowhere", "/download/1"])
@pytest.mark.parametrize("host", ["127.0.0.1:{}", "evil.example"])
async def test_the_browser_keeps_every_answer_to_itself(
    client: aiohttp.ClientSession, shared: Served, path: str, host: str
) -> None:
    await enter(client, shared)
    async with client.get(shared.address + path, headers={"Host": host.format(shared.port)}) as answer:
        headers = answer.headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"].replace(
        "style-src 'self' 'unsafe-inline'", ""
    )
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_it_listens_to_this_machine_only(shared: Served) -> None:
    assert shared.listening == [("127.0.0.1", shared.port)]


@pytest.mark.parametrize("option", ["--host=0.0.0.0", "--public"])
def test_nothing_makes_it_listen_elsewhere(option: str) -> None:
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "search", "web", option], capture_output=True, text=True, cwd=ROOT, timeout=20
    )

    assert ran.returncode == 2
    assert f"No such option '{option.partition('=')[0]}'" in ran.stderr


async def test_no_option_is_read_by_a_shell(
    client: aiohttp.ClientSession, serve: Callable[..., Served], tmp_path: Path
) -> None:
    served = serve(options=("--index=$(touch pwned);`touch pwned`'", "--language=fr"))
    async with page_of(client, served) as page:
        await shown(page, "touch pwned")

    assert not (tmp_path / "pwned").exists()


async def test_localhost_is_this_machine(client: aiohttp.ClientSession, shared: Served) -> None:
    host = f"localhost:{shared.port}"
    async with client.get(shared.full_address, headers={"Host": host, "Origin": f"http://{host}"}) as answer:
        assert f'"ws://{host}/ws"' in await answer.text()


@pytest.mark.parametrize("host", ["evil.example:{}", "127.0.0.1.evil.example:{}", "127.0.0.1:1", "[::1]:{}"])
@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/nowhere"])
async def test_another_name_for_this_address_is_refused(
    client: aiohttp.ClientSession, shared: Served, host: str, path: str
) -> None:
    await enter(client, shared)
    async with client.get(shared.address + path, headers={"Host": host.format(shared.port)}) as answer:
        assert answer.status == HTTPStatus.FORBIDDEN
        assert await answer.text() == f"This server answers only to {shared.address}.\n"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{}", "http://127.0.0.1:1"]
)
async def test_the_page_of_another_site_gets_no_interface(
    client: aiohttp.ClientSession, shared: Served, origin: str
) -> None:
    await enter(client, shared)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(f"{shared.address}/ws", origin=origin.format(shared.port))

    assert refused.value.status == HTTPStatus.FORBIDDEN
    assert shared.interfaces == []


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/static/js/textual.js", "/download/1", "/?token=", "/?token=%FF"]
)
@pytest.mark.parametrize("cookie", ["", "guessed", "é", "\udcff"])
async def test_who_was_not_told_the_token_is_refused(
    client: aiohttp.ClientSession, shared: Served, path: str, cookie: str
) -> None:
    headers = {"Cookie": f"depeche-{shared.port}={cookie}"}
    async with client.get(shared.address + path, headers=headers) as answer:
        text = await answer.text()

    assert answer.status == HTTPStatus.FORBIDDEN
    assert text == "Open the complete address that depeche web printed when it started, with its token.\n"
    assert "Set-Cookie" not in answer.headers
    assert shared.interfaces == []


async def test_the_token_is_kept_from_scripts_and_other_sites(
    client: aiohttp.ClientSession, shared: Served
) -> None:
    async with client.get(shared.full_address) as answer:
        cookie = answer.cookies[f"depeche-{shared.port}"]

    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (shared.token, True, "Strict")
    async with client.get(shared.address) as answer:
        assert answer.status == HTTPStatus.OK


async def test_every_start_has_another_token(shared: Served, serve: Callable[..., Served]) -> None:
    tokens = {shared.token, serve().token}
    assert len(tokens) == 2
    assert all(len(token) >= 43 for token in tokens)  # 256 bits
