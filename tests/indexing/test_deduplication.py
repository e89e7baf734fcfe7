from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
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
    """Words in an order that no other seed gives."""
    generator = np.random.default_rng(seed)
    return " ".join(
        f"{word}{number}"
        for word, number in zip(
            generator.choice(WORDS, words), generator.integers(50, size=words), strict=True
        )
    )


def article(body: str, title: str = "", day: str = "2024-03-05") -> Article:
    return Article(f"{title}{day}{body}", title, body, day)


def leaders_of(articles: Sequence[Article]) -> Ints:
    return CopyGroups(signatures(articles), articles.__getitem__).leaders()


def group(*articles: Article) -> list[int]:
    return [int(leader) for leader in leaders_of(articles)]


def test_a_copy_with_another_title_follows_the_first_article() -> None:
    body = text(1)
    assert group(
        article(body, "Le port rouvre", "2024-03-06"), article(text(2)), article(body, "Réouverture")
    ) == [2, 1, 2]


def test_the_most_complete_version_is_the_leader() -> None:
    short = text(1)
    assert group(article(short), article(f"{short} {text(2, 40)}"), article(text(3))) == [1, 1, 2]


def test_half_of_the_text_is_enough_only_with_the_same_first_words() -> None:
    shared, one, other = text(1, 70), text(2, 50), text(3, 50)
    assert group(article(f"{shared} {one}"), article(f"{shared} {other}")) == [0, 0]
    assert group(article(f"{shared} {one}"), article(f"{other} {shared}")) == [0, 1]


def test_the_same_title_on_another_day_is_other_news() -> None:
    title, common = "Le point sur la grève des trains", text(1, 30)
    bodies = f"{text(2, 60)} {common}", f"{text(3, 60)} {common}"
    assert group(article(bodies[0], title), article(bodies[1], title)) == [0, 0]
    assert group(article(bodies[0], title), article(bodies[1], title, "2024-03-07")) == [0, 1]
    assert group(article(bodies[0], title, ""), article(bodies[1], title, "")) == [0, 1]


def test_articles_days_apart_must_share_most_of_their_text() -> None:
    past = text(1, 80)
    assert group(article(past), article(f"{past} {text(2)}", day="2024-04-01")) == [1, 1]
    later = f"{text(3, 40)} {past}", f"{text(4, 60)} {past}"
    assert group(article(later[0]), article(later[1], day="2024-04-01")) == [0, 1]


def test_a_chain_of_changes_does_not_join_different_articles() -> None:
    parts = [text(seed, 40) for seed in range(6)]
    versions = [article(" ".join(parts[start : start + 3])) for start in range(4)]
    leaders = leaders_of(versions)
    assert leaders[0] != leaders[3]
    assert np.array_equal(leaders[leaders], leaders)


def test_short_and_empty_texts_are_grouped_with_their_copies_only() -> None:
    assert group(article("Fin."), article("Fin."), article("Rien"), article("…"), article("…")) == [
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
    all_signatures = signatures([article("un texte de quelques mots")] * len(drawn))
    bands_of_all = all_signatures["bands"]
    bands_of_all[:] = np.arange(bands_of_all.size).reshape(bands_of_all.shape) + 10
    for each, (bands, day) in zip(all_signatures, drawn, strict=True):
        each["bands"][:3], each["day"] = bands, day
    frequency = Counter((index, band) for bands, _ in drawn for index, band in enumerate(bands))

    def is_candidate(one: tuple[list[int], int], other: tuple[list[int], int]) -> bool:
        shared = [frequency[index, band] for index, band in enumerate(one[0]) if other[0][index] == band]
        neighbouring = 0 not in (one[1], other[1]) and abs(one[1] - other[1]) <= 1
        return len(shared) > 1 or any(neighbouring or count <= 4 for count in shared)

    assert lsh_pairs(all_signatures).tolist() == [
        [one, other]
        for one, other in combinations(range(len(drawn)), 2)
        if is_candidate(drawn[one], drawn[other])
    ]


FORECAST = text(7, 60)


def forecast(place: str, title: str, more: str = "", day: str = "2024-03-05") -> Article:
    return article(f"{FORECAST} Alerte {place} ce soir. {more}", title, day)


@pytest.mark.parametrize("day", ["2024-03-05", "2024-06-01", ""])
def test_articles_whose_titles_name_what_only_their_own_texts_say_are_no_copies(day: str) -> None:
    brest, lille = "Pluie et vent sur Brest", "Pluie et vent sur Lille"
    assert group(forecast("Brest", brest), forecast("Lille", lille, day=day)) == [0, 1]
    assert len({*group(forecast("Brest", brest), forecast("Brest", lille, day=day))}) == 1
    assert len({*group(forecast("Brest", brest), forecast("Lille", "Pluie et vent", day=day))}) == 1
    assert group(forecast("Brest", brest), forecast("Brest, Lille", lille, day=day)) == [1, 1]


def test_a_longer_version_may_have_another_title() -> None:
    titles = "Pluie et vent sur Brest", "Pluie et vent sur Lille"
    assert group(forecast("Brest", titles[0]), forecast("Lille", titles[1], text(8, 20))) == [1, 1]
