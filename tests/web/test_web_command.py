"""``depeche web`` opens the pages in a browser, by an address that is good for one page only."""

import stat
import sys
import time
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from search.cli.web import has_screen

from .serving import Server


def test_the_browser_is_given_an_address_that_opens_one_page(press_index: Path, tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f"#!{sys.executable}\nimport sys\nopen({str(opened)!r}, 'w').write(sys.argv[1])\n")
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    served = Server(press_index, tmp_path, "--mode=keyword", command="web", BROWSER=f"{browser} %s")
    try:
        while not (opened.exists() and opened.read_text()):
            time.sleep(0.02)
        address = opened.read_text()
        assert address.startswith(f"{served.address}/?code=")
        assert served.token not in address
        wrong = httpx.get(f"{served.address}/?code=guessed")
        program = httpx.get(address.replace("/?", "/api/v1/status?"))
        first, again = httpx.get(address), httpx.get(address)
        cookie = first.headers["set-cookie"]
        page = httpx.get(served.address, headers={"Cookie": cookie.partition(";")[0]})
    finally:
        served.close()

    assert (wrong.status_code, program.status_code) == (HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN)
    assert (first.status_code, first.headers["location"]) == (HTTPStatus.SEE_OTHER, f"{served.address}/")
    assert again.status_code == HTTPStatus.FORBIDDEN
    assert (page.status_code, "12 articles" in page.text) == (HTTPStatus.OK, True)


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/article?id=obus", "/narrow", "/static/page.css"])
@pytest.mark.parametrize("headers", [{}, {"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_no_page_is_for_others(served: Server, path: str, headers: dict[str, str]) -> None:
    known = {"Authorization": f"Bearer {served.token}"} if headers else {}
    answer = httpx.get(served.address + path, headers=known | headers)
    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("environment", "platform", "answer"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "darwin", True),
    ],
)
def test_a_browser_is_opened_where_there_is_a_screen(
    environment: dict[str, str], platform: str, answer: bool
) -> None:
    assert has_screen(environment, platform) is answer
