"""The pages in a real browser: walked through by mouse and keyboard, measured, and judged by axe-core."""

from importlib.resources import files
from typing import Any

import pytest

from .browser import Tab
from .serving import Server

TITLE = "document.querySelector('main h1').innerText"
TYPED = "document.querySelector('#q').value"
PAGES = {
    "home": "/",
    "answer": "/search?q=munitions+Russie+source:%22Agence+Nord%22&mode=keyword",
    "nothing": "/search?q=munitions+ET+marathon&mode=keyword",
    "mistake": "/search?q=munitions+ET",
    "reader": "/article?id=rapport&q=document+Moscou&mode=keyword&place=0",
}
AXE = "axe.run(document, {resultTypes: ['violations']}).then(done => done.violations)"


async def walk(tab: Tab, served: Server) -> None:
    """A search, a filter, an article, and back again."""
    assert await tab.evaluate("[location.href, document.activeElement.id]") == [f"{served.address}/", "q"]
    await tab.submit("munitions")
    assert await tab.evaluate(TITLE) == "4 articles"
    await tab.click("section.facet a.name")
    assert await tab.evaluate(f"[{TITLE}, {TYPED}]") == ["3 articles", 'munitions source:"Agence Nord"']
    await tab.click("li#r2 a")
    read = await tab.evaluate("document.querySelector('article h1').innerText")
    assert "2 of 3" in await tab.evaluate("document.querySelector('.steps').innerText")
    await tab.back()
    assert await tab.evaluate(f"[{TITLE}, {TYPED}]") == ["3 articles", 'munitions source:"Agence Nord"']
    assert await tab.evaluate("document.querySelector('li#r2 h2').innerText") == read
    await tab.back()
    assert await tab.evaluate(f"[{TITLE}, {TYPED}]") == ["4 articles", "munitions"]
    assert {address.partition("?")[0].removeprefix(served.address) for address in tab.requested} <= {
        *("/", "/search", "/narrow", "/article"),
        *("/static/page.css", "/static/icon.svg"),
    }


async def test_a_search_a_filter_an_article_and_back(tab: Tab, served: Server) -> None:
    await walk(tab, served)


async def test_all_of_it_works_without_scripts(tab: Tab, served: Server) -> None:
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    await tab.open(served.address)
    await walk(tab, served)


async def test_a_bar_of_the_histogram_is_a_link(tab: Tab, served: Server) -> None:
    await tab.open(served.address)
    await tab.click(".histogram svg a:last-of-type rect.area")
    assert await tab.evaluate(TYPED) == "date:2024-04"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_axe_finds_no_serious_fault(tab: Tab, served: Server, name: str, colours: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": colours}]
    await tab.call("Emulation.setEmulatedMedia", features=features)
    await tab.open(served.address + PAGES[name])
    await tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    await tab.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8") + "; 0")
    faults: list[dict[str, Any]] = await tab.evaluate(AXE)
    serious = [fault for fault in faults if fault["impact"] in ("serious", "critical")]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in serious] == []


@pytest.mark.parametrize("name", PAGES)
async def test_a_phone_does_not_scroll_sideways(tab: Tab, served: Server, name: str) -> None:
    size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    await tab.call("Emulation.setDeviceMetricsOverride", **size)
    await tab.open(served.address + PAGES[name])
    await tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert await tab.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [360, 360]


async def test_the_first_key_leads_to_the_content(tab: Tab, served: Server) -> None:
    await tab.open(served.address + PAGES["reader"])
    await tab.press("Tab", 9)
    shown = "[document.activeElement.innerText, document.activeElement.getBoundingClientRect().left >= 0]"
    assert await tab.evaluate(shown) == ["Go to the content", True]
    await tab.press("Enter", 13, "\r")
    assert await tab.evaluate("[location.hash, document.activeElement.id]") == ["#content", "content"]


async def test_no_policy_is_broken(tab: Tab, served: Server) -> None:
    await tab.call("Log.enable")
    await tab.open(served.address + PAGES["answer"])
    styled = "getComputedStyle(document.querySelector('button')).backgroundColor"
    assert await tab.evaluate(styled) == "rgb(164, 48, 31)"
    assert await tab.evaluate("document.querySelectorAll('script, style, [style]').length") == 0
