"""Pages in ALTO."""

import pytest

from search.corpus.libraries.alto import is_alto, read_alto
from search.corpus.record import Omission, RawRecord
from search.corpus.source import Source

NAMESPACES = (
    "",
    ' xmlns="http://schema.ccs-gmbh.com/docworks/version20/alto-1-4.xsd"',
    ' xmlns="http://www.loc.gov/standards/alto/ns-v2#"',
    ' xmlns="http://www.loc.gov/standards/alto/ns-v4#"',
    ' xmlns="http://bibnum.bnf.fr/ns/alto_prod"',
)


def _source(page: str, namespace: str = "") -> Source:
    return Source("1.xml", iter([f"<alto{namespace}><Layout>{page}</Layout></alto>".encode()]))


def _block(text: str, name: str, more: str = "") -> str:
    words = "".join(f'<String CONTENT="{word}"/>' for word in text.split())
    return f'<TextBlock ID="{name}" {more}><TextLine>{words}</TextLine></TextBlock>'


def _text(page: str, namespace: str = "") -> object:
    source = _source(page, namespace)
    assert is_alto(source)
    (record,) = read_alto(source)
    assert isinstance(record, RawRecord)
    return record.fields["text"]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_namespace_is_read(namespace: str) -> None:
    assert _text(f"<Page><PrintSpace>{_block('Le bac', 'B')}</PrintSpace></Page>", namespace) == "Le bac"


def test_a_prefix_is_no_obstacle() -> None:
    block = '<a:TextBlock><a:TextLine><a:String CONTENT="Bac"/></a:TextLine></a:TextBlock>'
    source = Source("1.xml", iter([f'<a:alto xmlns:a="x"><a:Page>{block}</a:Page></a:alto>'.encode()]))

    assert is_alto(source)
    assert [record.fields["text"] for record in read_alto(source) if isinstance(record, RawRecord)] == ["Bac"]


def test_blocks_follow_their_links_and_each_is_read_once() -> None:
    blocks = _block("trois", "C") + _block("un", "A", 'IDNEXT="B"') + _block("deux", "B", 'IDNEXT="C"')
    ring = _block("x", "X", 'IDNEXT="Y"') + _block("y", "Y", 'IDNEXT="X"') + _block("seul", "Z", 'IDNEXT="?"')

    assert _text(f"<Page>{blocks}{ring}</Page>") == "un\n\ndeux\n\ntrois\n\nseul\n\nx\n\ny"


def test_blocks_of_one_id_are_both_read() -> None:
    assert _text(f"<Page>{_block('un', 'A')}{_block('deux', 'A')}</Page>") == "un\n\ndeux"


def test_margins_are_left_out() -> None:
    margins = "".join(
        f"<{side}Margin>{_block('Mardi', side)}</{side}Margin>" for side in ("Top", "Left", "Bottom")
    )

    assert _text(f"<Page>{margins}<PrintSpace>{_block('Le bac', 'B')}</PrintSpace></Page>") == "Le bac"


@pytest.mark.parametrize(
    ("first", "second", "whole", "printed"),
    [
        ("recons", "truction", "reconstruction", "reconstruction"),
        ("recons-", "truction,", "reconstruction", "reconstruction,"),
        ("«recons¬", "truction", "reconstruction", "«reconstruction"),
        ("ci", "devant", "cidevant", "ci-devant"),
        ("porte-dra", "peau", "porte-drapeau", "porte-drapeau"),
        ("Val", "mont.", "Val-Mont.", "Val-Mont."),
        ("rec0ns", "truction", "reconstruction", "reconstruction"),
    ],
)
def test_a_cut_word_is_as_it_is_printed(first: str, second: str, whole: str, printed: str) -> None:
    lines = "".join(
        f'<TextLine><String CONTENT="{half}" SUBS_TYPE="{part}" SUBS_CONTENT="{whole}"/></TextLine>'
        for half, part in ((first, "HypPart1"), (second, "HypPart2"))
    )

    assert _text(f"<Page><TextBlock>{lines}</TextBlock></Page>") == printed


def test_a_word_cut_between_two_blocks_is_in_the_first() -> None:
    first = '<String CONTENT="recons" SUBS_TYPE="HypPart1" SUBS_CONTENT="reconstruit"/><HYP/>'
    second = (
        '<String CONTENT="truit" SUBS_TYPE="HypPart2" SUBS_CONTENT="reconstruit"/><SP/><String CONTENT="et"/>'
    )
    blocks = "".join(f"<TextBlock><TextLine>{line}</TextLine></TextBlock>" for line in (first, second))

    assert _text(f"<Page>{blocks}</Page>") == "reconstruit\n\net"


def test_each_page_of_a_file_is_an_article_and_an_empty_one_is_told() -> None:
    pages = f'<Page PHYSICAL_IMG_NR="1">{_block("Un", "A")}</Page><Page PHYSICAL_IMG_NR="2"/>'

    first, second = read_alto(_source(pages))

    assert isinstance(first, RawRecord)
    assert (first.fields["text"], first.fields["page"]) == ("Un", "1")
    assert second == Omission("page without text", "page 2 has no text outside its margins")
