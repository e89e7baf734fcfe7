"""Texts that try to be more than text: commands of terminals, markup, formulas, code."""

import re

from hypothesis import strategies as st

from search.types import Article

PIECES = (
    *(
        "\x1b[31m",
        "\x1b[2J",
        "\x1bc",
        "\x1b]0;titre\x07",
        "\x1b]52;c;ZXZpbA==\x1b\\",
        "\x1b]8;;http://x.fr\x1b\\",
    ),
    *(
        "\x9b2J",
        "\x90q",
        "\x85",
        "\x7f",
        "\x00",
        "\x07",
        "\x08\x08",
        "\r",
        "\t",
        "\x0b",
        "\x0c",
        "\n",
        "\u2028",
    ),
    *(
        "\u202e",
        "\u202d",
        "\u2066",
        "\u2069",
        "\u200e",
        "\u061c",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\xad",
    ),
    *(
        "[red]",
        "[/]",
        "[@click=app.quit]",
        "[link=http://x.fr]",
        "\\[",
        "[[",
        "{}",
        "{0}",
        "{x.y}",
        "%s",
        "$host",
    ),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt;",
        "</p>",
        "<!--",
        "](javascript:x)",
    ),
    *(
        "`",
        "```\n",
        "|",
        "**",
        "__",
        "~~~",
        "\n# ",
        "\n- ",
        "\n1. ",
        "\n===\n",
        "\n    ",
        "[a](http://x.fr)",
        "![",
    ),
    *("=cmd|'/c calc'!A1", "+1", "-1", "@SUM(1)", "\n=1", ";=1", "；＝1", '"', "'", "munitions", " ", "é"),
)
"""Each does harm somewhere when it is not taken for text."""

CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""What no output may hold: controls but the line feed, what is not seen, and what turns text around."""

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join)
addresses = st.builds("https://x.fr/{}".format, texts) | texts
articles = st.builds(
    Article,
    id=texts,
    title=texts,
    body=texts.map(lambda text: f"obus {text}"),
    published=st.just("2023-09-12"),
    source=texts,
    section=texts,
    url=addresses,
    lang=texts,
    place=texts,
)
