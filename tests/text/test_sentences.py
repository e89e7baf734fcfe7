import itertools
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given

from search.text.sentences import Span, paragraph_spans, sentence_spans

from .strategies import ANY_TEXT, LONG_TEXT


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t ", []),
        (
            "Il part. Elle reste ! Qui vient ? Personne.",
            ["Il part.", "Elle reste !", "Qui vient ?", "Personne."],
        ),
        ("M. Dupont a parlé. Mme Durand aussi.", ["M. Dupont a parlé.", "Mme Durand aussi."]),
        ("Vu.\n\nM. Dupont est là. Fin.", ["Vu.", "M. Dupont est là.", "Fin."]),
        ("Vu. M. Dupont est là.", ["Vu.", "M. Dupont est là."]),
        ("J.-C. Dupont et J. R. Durand. Fin.", ["J.-C. Dupont et J. R. Durand.", "Fin."]),
        ("Le Dr. House et Mgr. Paul. Fin.", ["Le Dr. House et Mgr. Paul.", "Fin."]),
        ("Cf. p. 12, art. 3. Voir p. ex. Paris.", ["Cf. p. 12, art. 3. Voir p. ex. Paris."]),
        ("C'est un ami. Son club. Fini.", ["C'est un ami.", "Son club.", "Fini."]),
        ("Le PIB croît de 3.5 %. La dette, de 2,1.", ["Le PIB croît de 3.5 %.", "La dette, de 2,1."]),
        ("Voir le www.lemonde.fr. Fin.", ["Voir le www.lemonde.fr.", "Fin."]),
        ("Il hésite… Puis il part... Enfin.", ["Il hésite…", "Puis il part...", "Enfin."]),
        ("Il hésite… puis part. ensuite rien.", ["Il hésite… puis part. ensuite rien."]),
        ("«Tout va bien.» Il ment.", ["«Tout va bien.»", "Il ment."]),
        ("Il dit. « Tout va bien », puis part.", ["Il dit.", "« Tout va bien », puis part."]),
        ("Il dit : “Non.” Puis (enfin.) Rien.", ["Il dit : “Non.”", "Puis (enfin.)", "Rien."]),
        ("Il part. — Non ! — Si.", ["Il part.", "— Non !", "— Si."]),
        ("Il part. 12 obus sont tombés.", ["Il part.", "12 obus sont tombés."]),
        ("Il part. Élise reste. Œuvre.", ["Il part.", "Élise reste.", "Œuvre."]),
        (
            "Un titre sans point\n\nUne phrase\nsur deux lignes.",
            ["Un titre sans point", "Une phrase\nsur deux lignes."],
        ),
        ("Il est parti.Elle non.", ["Il est parti.Elle non."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un\n\ndeux", ["un", "deux"]),
        ("un\ndeux", ["un\ndeux"]),
        ("\n\n un\r\n\r\n\tdeux \n \u00a0\n\n\n trois\n", ["un", "deux", "trois"]),
        ("\n \n", []),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in paragraph_spans(text)] == expected


@pytest.mark.parametrize("spans_of", [paragraph_spans, sentence_spans])
@given(text=ANY_TEXT | LONG_TEXT)
@example(text="\x1c\n\x1f\nM. A")
def test_spans_are_disjoint_and_leave_out_white_space_only(
    spans_of: Callable[[str], list[Span]], text: str
) -> None:
    spans = spans_of(text)
    bounds = list(itertools.chain.from_iterable(spans))
    assert bounds == sorted(bounds)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert [c for start, end in spans for c in text[start:end] if not c.isspace()] == [
        c for c in text if not c.isspace()
    ]


@given(ANY_TEXT | LONG_TEXT)
def test_a_sentence_lies_in_one_paragraph(text: str) -> None:
    paragraphs = paragraph_spans(text)
    for start, end in sentence_spans(text):
        assert any(first <= start and end <= last for first, last in paragraphs)


@pytest.mark.parametrize("middle", [" ", "\t\u00a0", "«", "'", "M. ", "! "])
def test_a_long_run_of_the_same_takes_no_time(middle: str) -> None:
    text = f"Fin.{middle * 20_000}€"
    started = time.process_time()
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert time.process_time() - started < 1


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_a_closing_guillemet_set_off_by_a_space_belongs_to_its_sentence(space: str) -> None:
    text = f"«{space}Nous tirons.{space}» Puis il part."
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        f"«{space}Nous tirons.{space}»",
        "Puis il part.",
    ]
