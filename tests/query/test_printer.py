import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.errors import QueryError
from search.query.ast import (
    Among,
    And,
    AtLeast,
    Close,
    DateRange,
    Field,
    FieldName,
    Fuzzy,
    InDossier,
    Leaf,
    Near,
    Node,
    Not,
    Opening,
    Or,
    Phrase,
    Prefix,
    Query,
    RankingWord,
    Read,
    Together,
    Unit,
    Wildcard,
    Word,
    WordCount,
)
from search.query.boolean import all_of, any_of, negation
from search.query.options import restrict
from search.query.parser import parse
from search.query.printer import reading, to_text, understood

from .strategies import ANY_TEXT

TODAY = date(2023, 9, 15)
SemanticIndex = tuple[tuple[RankingWord, ...], Node | None, str]


def meaning(query: Query) -> SemanticIndex:
    return query.words, query.constraint, query.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("pourquoi les urgences craquent-ils ?", "pourquoi les urgences craquent-ils"),
        (
            "munitions Russie «obus d'artillerie» -Ukraine date:2023-09-11..2023-09-30",
            'munitions Russie · "obus d\'artillerie" ET SAUF Ukraine · date:2023-09-11..2023-09-30',
        ),
        ("munitions ET (Russie OU Moscou) SAUF Ukraine", "munitions ET (Russie OU Moscou) ET SAUF Ukraine"),
        ("A ET B OU C D", "D · A ET B OU C"),
        ("+munitions", "+munitions"),
        ("chars +munit*", "chars · +munit*"),
        ("-(A B) C", "C · SAUF (A OU B)"),
        ("titre:Kim source:(AFP Reuters)", "titre:Kim · source:(AFP OU Reuters)"),
        ("lieu:Armeil -author:Modèle page:3", "lieu:Armeil · SAUF auteur:Modèle · page:3"),
        ('motcle:"a b" obus', 'obus · mot-clé:"a b"'),
        ("-rubrique:monde depuis:7j", "SAUF rubrique:monde · date:2023-09-08.."),
        ("http://x.fr~", "http://x.fr~"),
        ('mot^3 r?ssie? munitiosn~ "a b"~8^0.5', 'mot^3 (r?ssie?) munitiosn~2 · "a b"~8^0.5'),
        ('dossier:armes LU:Non tag:"deux  mots"', 'dossier:armes · lu:non · dossier:"deux mots"'),
        ("-étiquette:A SAUF lu:oui read:yes", "SAUF dossier:A · lu:non · lu:oui"),
        (
            "obus dossier:(A OU «Été 2023») -dossier:*",
            'obus · dossier:A OU dossier:"Été 2023" · SAUF dossier:*',
        ),
        ("date:hier", "date:2023-09-14"),
        ("date:2023", "date:2023"),
        ("date:2024-02-01..2024-02-29", "date:2024-02"),
        ("date:2023-02-01..2023-02-27", "date:2023-02-01..2023-02-27"),
        ("date:2022..2023", "date:2022-01-01..2023-12-31"),
    ],
)
def test_what_was_understood(text: str, expected: str) -> None:
    assert understood(parse(text, TODAY)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("munitions Russie", ""),
        ("  Qui a tué  Kennedy ?", ""),
        ("« obus d’artillerie » ET MOSCOU", ""),
        ("+munitions Russie", ""),
        ("munitions source:AFP depuis:7j", ""),
        ("munitions -obus", "munitions · SAUF obus"),
        ("munitions AND NOT obus source:AFP", "munitions ET SAUF obus"),
        ("title:Kim", "titre:Kim"),
    ],
)
def test_a_reading_is_given_where_the_typed_text_does_not_say_it(text: str, expected: str) -> None:
    assert reading(parse(text, TODAY)) == expected


@given(st.lists(st.from_regex(r"[a-zé]{2,8}", fullmatch=True), min_size=1, max_size=5))
def test_plain_words_are_read_as_they_are_typed(words: list[str]) -> None:
    assert reading(parse(" ".join(words), TODAY)) == ""


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  Qui  est mort ? ", "Qui est mort ?"),
        ("source:AFP munitions ET Moscou chars", "source:AFP +munitions +Moscou chars"),
        ("chars -Ukraine depuis:7j obus", "chars obus SAUF Ukraine date:2023-09-08.."),
        ("Qui est mort ? -Ukraine", "SAUF Ukraine Qui est mort ?"),
        ("mort? -source:AFP", "SAUF source:AFP mort?"),
        ("-chars;obus", "obus SAUF chars"),
        ('A "p q" B OU C "r s"~2', 'A "p q" B OU C "r s"~2'),
        ("C A OU B -(A ET D)", "C A OU B SAUF (A ET D)"),
        ("B A OU B", "B A OU B"),
        ('«dit "non"» “a » b”', '«dit "non"» "a » b"'),
        ("a mort? b", "a (mort?) b"),
        ("mot^0.00001", "mot^0.00001"),
        ("mot^100", "mot^100"),
        ("avant:2023 date:hier", "date:..2022-12-31 date:2023-09-14"),
    ],
)
def test_the_canonical_text(text: str, canonical: str) -> None:
    assert to_text(parse(text, TODAY)) == canonical


def test_the_deepest_query_survives() -> None:
    query = parse("a OU b ET (" * 50 + "c" + ")" * 50, TODAY)
    assert meaning(reread(query)) == meaning(query)
    query = parse("SAUF (a OU -(b ET " * 25 + "c" + "))" * 25, TODAY)
    assert to_text(query) == "SAUF (a OU SAUF (b ET " * 25 + "c" + "))" * 25


def reread(query: Query) -> Query:
    """The query read from its own text, unless it has more patterns than a query may."""
    try:
        return parse(to_text(query), TODAY)
    except QueryError as error:
        assume("has more than" not in error.message)
        raise


def check_survives(text: str) -> None:
    try:
        query = parse(text, TODAY)
    except QueryError:
        return
    canonical = to_text(query)
    again = parse(canonical, TODAY)
    assert meaning(again) == meaning(query)
    assert to_text(again) == canonical


@given(ANY_TEXT)
def test_whatever_was_typed_survives_its_canonical_text(text: str) -> None:
    check_survives(text)


QUESTION = st.lists(st.sampled_from([*"-+;,.?!()'", " ", "a", "mort?", "dé", "0"]), max_size=8).map("".join)
FILTER = st.sampled_from(["-b", "-(b c)", "source:AFP", "-source:(AFP OU BFM)", "SAUF date:2023", "lu:non"])


@given(st.lists(QUESTION | FILTER | st.just(" "), max_size=6).map("".join))
def test_a_question_with_filters_survives_its_canonical_text(text: str) -> None:
    check_survives(text)


SURFACE = st.sampled_from(["munitions", "nord-coréen", "3,5", "l'O.N.U.", "15.6%", "#MeToo", "20:48", "Été"])
QUOTED = st.lists(SURFACE | st.sampled_from(["ET", "(", "+", '"', "titre:"]), max_size=3).map(
    lambda words: " ".join(["mot", *words])
)
SOFT: st.SearchStrategy[Leaf] = st.one_of(
    SURFACE.map(Word),
    st.sampled_from(["munit", "corr"]).map(Prefix),
    st.sampled_from(["r?ssie", "mort?", "*nition", "mu*ns??"]).map(Wildcard),
    st.builds(Fuzzy, SURFACE, st.sampled_from([1, 2])),
)
LEAF: st.SearchStrategy[Leaf] = st.one_of(
    SOFT, QUOTED.map(Phrase), st.builds(Near, QUOTED, st.integers(1, 9999))
)
DAYS = st.lists(st.dates(), min_size=2, max_size=2).map(sorted)
RANGES = st.one_of(
    DAYS.map(lambda days: DateRange(*days)),
    st.dates().map(lambda day: DateRange(None, day)),
    st.dates().map(lambda day: DateRange(day, None)),
)
SETS = st.just(Read()) | st.builds(InDossier, QUOTED | st.sampled_from(["*", "a-b", "OU", "Été 2023"]))
NUMBER = st.integers(1, 9999)
STRETCH: st.SearchStrategy[Node] = st.recursive(
    SOFT | QUOTED.map(Phrase),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        st.builds(Close, inner, inner, NUMBER, st.booleans()),
        st.builds(Together, inner, inner, st.sampled_from(Unit)),
        st.builds(Opening, inner.filter(lambda node: not isinstance(node, Opening)), NUMBER),
    ),
    max_leaves=5,
)
PLACED: st.SearchStrategy[Node] = st.one_of(
    st.builds(Close, STRETCH, STRETCH, NUMBER, st.booleans()),
    st.builds(Together, STRETCH, STRETCH, st.sampled_from(Unit)),
    st.builds(AtLeast, STRETCH, NUMBER),
    st.builds(Opening, STRETCH.filter(lambda node: not isinstance(node, Opening)), NUMBER),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(LEAF, RANGES, SETS, st.builds(Field, st.sampled_from(FieldName), LEAF)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(negation),
    ),
    max_leaves=12,
)
NODES = st.recursive(
    NODES,
    lambda inner: st.one_of(
        PLACED,
        st.builds(WordCount, st.integers(1, 999), st.none() | st.integers(1000, 9999)),
        st.lists(inner, min_size=3, max_size=4, unique=True).map(lambda nodes: Among(tuple(nodes), 2)),
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(negation),
    ),
    max_leaves=4,
)
BOOSTS = st.sampled_from([1.0, 1.0, 0.5, 3.0, 100.0, 1e-7, 2.345678901234])


def positive(node: Node, polarity: int = 1) -> Iterator[Leaf]:
    if isinstance(node, And | Or | Among):
        for part in node.nodes:
            yield from positive(part, polarity)
    elif isinstance(node, Close | Together):
        yield from positive(node.first, polarity)
        yield from positive(node.second, polarity)
    elif isinstance(node, Opening | AtLeast):
        yield from positive(node.node, polarity)
    elif isinstance(node, Not):
        yield from positive(node.node, -polarity)
    elif isinstance(node, Field):
        yield from positive(node.node, polarity) if node.name is FieldName.TITLE else ()
    elif isinstance(node, Leaf) and polarity == 1:
        yield node


def made(
    soft: Sequence[Leaf], demands: Sequence[Node], more: Sequence[Leaf], boosts: Sequence[float]
) -> Query:
    constraint = all_of(demands) if demands else None
    leaves = dict.fromkeys([*soft, *(positive(constraint) if constraint else ()), *more])
    words = tuple(RankingWord(leaf, boost) for leaf, boost in zip(leaves, cycle(boosts), strict=False))
    spoken = (leaf.pattern if isinstance(leaf, Wildcard) else leaf.text for leaf in leaves)
    return Query("", words, constraint, " ".join(re.sub(r"[*?]", "", text) for text in spoken))


QUERIES = st.builds(
    made,
    st.lists(SOFT, max_size=3),
    st.lists(NODES, max_size=3),
    st.lists(SOFT, max_size=3),
    st.lists(BOOSTS, min_size=1, max_size=5),
)


@given(QUERIES)
def test_any_query_survives_its_text(query: Query) -> None:
    assert meaning(reread(query)) == meaning(query)


def test_restricting_survives_too() -> None:
    query = restrict(
        parse('chars "p q" OU obus', TODAY),
        DateRange(date(2023, 9, 1), None),
        Field(FieldName.SOURCE, Phrase("Le Monde")),
    )
    assert to_text(query) == 'chars "p q" OU obus date:2023-09-01.. source:"Le Monde"'
    assert meaning(reread(query)) == meaning(query)
