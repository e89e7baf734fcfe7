from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.indexing.deduplication import CopyGroups, lsh_pairs, signatures
from search.protocols import Ints
from search.types import Article

WORDS = (
    "usine port ministre grève vote train hôpital maire budget navire accord syndicat fleuve récolte procès "
    "musée pont école pêche douane sénat marché frontière satellite barrage village réacteur colis traité"
).split()


def text(seed: int, words: int = 120) -> str:
    """Words that no other seed puts in the same order."""
    chance = np.random.default_rng(seed)
    return " ".join(
        f"{word}{number}"
        for word, number in zip(chance.choice(WORDS, words), chance.integers(50, size=words), strict=True)
    )


def article(body: str, title: str = "", day: str = "2024-03-05") -> Article:
    return Article(f"{title}{day}{body}", title, body, day)


def families(articles: Sequence[Article]) -> Ints:
    return CopyGroups(signatures(articles), articles.__getitem__).leaders()


def found(*articles: Article) -> list[int]:
    return [int(leader) for leader in families(articles)]


def test_a_copy_follows_the_first_of_it_whatever_its_title_says() -> None:
    body = text(1)
    assert found(
        article(body, "Le port rouvre", "2024-03-06"), article(text(2)), article(body, "Réouverture")
    ) == [2, 1, 2]


def test_the_most_complete_version_stands_for_the_family() -> None:
    short = text(1)
    assert found(article(short), article(f"{short} {text(2, 40)}"), article(text(3))) == [1, 1, 2]


def test_what_shares_half_its_text_is_one_family_only_when_it_begins_alike() -> None:
    shared, one, other = text(1, 70), text(2, 50), text(3, 50)
    assert found(article(f"{shared} {one}"), article(f"{shared} {other}")) == [0, 0]
    assert found(article(f"{shared} {one}"), article(f"{other} {shared}")) == [0, 1]


def test_a_title_that_comes_back_tells_other_news_on_another_day() -> None:
    title, common = "Le point sur la grève des trains", text(1, 30)
    bodies = f"{text(2, 60)} {common}", f"{text(3, 60)} {common}"
    assert found(article(bodies[0], title), article(bodies[1], title)) == [0, 0]
    assert found(article(bodies[0], title), article(bodies[1], title, "2024-03-07")) == [0, 1]
    assert found(article(bodies[0], title, ""), article(bodies[1], title, "")) == [0, 1]


def test_days_apart_most_of_the_text_must_be_there() -> None:
    past = text(1, 80)
    assert found(article(past), article(f"{past} {text(2)}", day="2024-04-01")) == [1, 1]
    later = f"{text(3, 40)} {past}", f"{text(4, 60)} {past}"
    assert found(article(later[0]), article(later[1], day="2024-04-01")) == [0, 1]


def test_no_chain_of_changes_joins_what_is_different() -> None:
    parts = [text(seed, 40) for seed in range(6)]
    versions = [article(" ".join(parts[start : start + 3])) for start in range(4)]
    leaders = families(versions)
    assert leaders[0] != leaders[3]
    assert np.array_equal(leaders[leaders], leaders)


def test_short_and_empty_texts_stand_alone_or_with_their_copies() -> None:
    assert found(article("Fin."), article("Fin."), article("Rien"), article("…"), article("…")) == [
        0,
        0,
        2,
        3,
        4,
    ]


@given(
    st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=3, max_size=3), st.integers(0, 3)), max_size=30)
)
def test_pairs_agree_in_two_bands_or_in_a_rare_one_or_in_any_on_neighbouring_days(
    drawn: list[tuple[list[int], int]],
) -> None:
    made = signatures([article("un texte de quelques mots")] * len(drawn))
    made["bands"] = np.arange(made["bands"].size).reshape(made["bands"].shape) + 10
    for each, (bands, day) in zip(made, drawn, strict=True):
        each["bands"][:3], each["day"] = bands, day
    holders = Counter((place, band) for bands, _ in drawn for place, band in enumerate(bands))

    def alike(one: tuple[list[int], int], other: tuple[list[int], int]) -> bool:
        shared = [holders[place, band] for place, band in enumerate(one[0]) if other[0][place] == band]
        neighbouring = 0 not in (one[1], other[1]) and abs(one[1] - other[1]) <= 1
        return len(shared) > 1 or any(neighbouring or count <= 4 for count in shared)

    assert lsh_pairs(made).tolist() == [
        [one, other] for one, other in combinations(range(len(drawn)), 2) if alike(drawn[one], drawn[other])
    ]
