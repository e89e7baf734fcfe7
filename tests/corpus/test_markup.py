import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from search.corpus.markup import plain, text_of


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("<p>Un.</p><p>Deux.</p>", "Un.\n\nDeux."),
        ("Un<br/>deux <b>gras</b>, <i>italique</i>.", "Un\ndeux gras, italique."),
        ("vot&eacute; jeudi&nbsp;&amp; lundi", "voté jeudi\u00a0& lundi"),
        ("d&#39;Armeil &#x2019;", "d'Armeil ’"),
        ("<script>alert(1)</script><p>Un.</p><style>p{}</style>", "Un."),
        ("<ul><li>un</li><li>deux</li></ul>", "un\n\ndeux"),
        ("<!-- wp:paragraph --><p>Un.</p><!-- /wp:paragraph -->", "Un."),
        ("<P CLASS='a'>Un <A HREF='x'>lien</A>.</P>", "Un lien."),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ],
)
def test_markup_becomes_text(field: str, text: str) -> None:
    assert plain(field) == text


@pytest.mark.parametrize(
    "text",
    [
        "Si a < b et b > c, alors",
        "R&D, AT&T; 3 &lt fin",
        "<jeudi> n'est pas une balise",
        "l'inconnue &inconnue; reste",
        "x <= y et y >= z",
        "un -> deux <- trois",
    ],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert plain(text) == text


@given(st.text(st.characters(exclude_characters="<&")))
def test_text_without_brackets_and_ampersands_stays(text: str) -> None:
    assert plain(text) == text


@given(st.text())
def test_any_text_gives_text(text: str) -> None:
    assert isinstance(plain(f"<p>{text}</p>"), str)


def test_elements_to_skip_are_left_out_with_what_is_in_them() -> None:
    root = etree.fromstring("<a><p>Un <b>gras</b> mot.</p><note>Non <i>plus</i>.</note> Fin.</a>")
    assert text_of(root, skipped={"note"}) == "Un gras mot.\n\nFin."


def test_the_text_after_an_element_is_not_its_text() -> None:
    root = etree.fromstring("<a><p>Un.</p>après</a>")
    assert text_of(root[0]) == "Un."
