import pytest

from .conftest import Write
from .test_pages import BODY, PARAGRAPHS, page

STANDFIRST = "La hausse est la plus forte depuis vingt ans."


@pytest.mark.parametrize(
    "body",
    [
        f"<main><h1>Le vote</h1><p class='article__desc'>{STANDFIRST}</p><article>{BODY}</article></main>",
        f"<article><h1>Le vote</h1><p class='fig-standfirst'>{STANDFIRST}</p><div>{BODY}</div></article>",
        f"<article><h1>Le vote</h1><div class='body'><p class='chapo'>{STANDFIRST}</p>{BODY}</div></article>",
        f"<article><h1>Le vote</h1><p itemprop='description'>{STANDFIRST}</p>{BODY}</article>",
        f"<article><h1>Le vote</h1><strong class='chapo'>{STANDFIRST}</strong>{BODY}</article>",
        f"<article><h1>Le vote</h1><p class='introduction'>{STANDFIRST}</p>{BODY}</article>",
        f"<h1>Le vote</h1><h2 class='sous-titre'>{STANDFIRST}</h2><article>{BODY}</article>",
    ],
)
def test_the_standfirst_that_readers_see(write: Write, body: str) -> None:
    record = page(write, '<meta name="description" content="Toutes les nouvelles de la région.">', body)
    assert record.standfirst == STANDFIRST
    assert record.body == "\n\n".join((STANDFIRST, *PARAGRAPHS))


@pytest.mark.parametrize(
    "body",
    [
        f"<p class='intro'>{STANDFIRST}</p><article><h1>Le vote</h1>{BODY}</article>",
        f"<article><h1>Le vote</h1>{BODY}</article><p class='excerpt'>{STANDFIRST}</p>",
        f"<h1>La Gazette</h1><p class='chapo'>{STANDFIRST}</p><h1>Le vote</h1><article>{BODY}</article>",
        f"<article><h1>Le vote</h1><p class='photo-desc'>{STANDFIRST}</p>{BODY}</article>",
        f"<article><h1>Le vote</h1><p class='desc'>Photo : {STANDFIRST}</p>{BODY}</article>",
        f"<article><h1>Le vote</h1><div class='chapo'>{STANDFIRST} {BODY}</div></article>",
        f"<article><h1>Le vote</h1><div class='comments'><p class='hat'>{STANDFIRST}</div>{BODY}</article>",
        f"<article><h1>Le vote</h1><aside><p class='lead'>{STANDFIRST}</p></aside>{BODY}</article>",
    ],
)
def test_a_teaser_elsewhere_is_no_standfirst(write: Write, body: str) -> None:
    assert page(write, '<meta property="og:title" content="Le vote">', body).standfirst == ""


@pytest.mark.parametrize(
    ("description", "standfirst"),
    [
        (STANDFIRST, STANDFIRST),
        (PARAGRAPHS[0], ""),
        (PARAGRAPHS[0][:80] + "…", ""),
        ("", ""),
    ],
)
def test_the_description_is_the_last_resort(write: Write, description: str, standfirst: str) -> None:
    record = page(write, f'<meta name="description" content="{description}">')
    assert record.standfirst == standfirst
    assert record.body == "\n\n".join(filter(None, (standfirst, *PARAGRAPHS)))
