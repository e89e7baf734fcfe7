"""``depeche news`` as a feed and as a mail, for a crontab."""

from email import message_from_string, policy
from pathlib import Path

import feedparser
import pytest

from search.types import Mode
from search.user.saved_searches import SavedSearch, SavedSearches

from .running import Depeche
from .test_news import kept, seen


def save(name: str, query: str, *already_seen: str) -> None:
    """Save a search as the interface does."""
    SavedSearches(kept()).save(SavedSearch(name, query, Mode.KEYWORD, seen=already_seen))


def test_a_feed_is_written_and_brought_up_to_date(
    depeche: Depeche,
    tmp_path: Path,
) -> None:
    path = tmp_path / "alertes.atom"
    save("armes", "munitions", "obus", "sommet")
    ran = depeche("news", "--format", "atom", "--output", str(path))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "depeche: 2 new articles in 1 of 1 saved searches\n"
    before = path.read_bytes()
    assert [e.title for e in feedparser.parse(before).entries] == [
        "L'Ukraine réclame des munitions",
        "Ce que dit le rapport d'enquête",
    ]
    assert depeche("news", "--format", "atom", "--output", str(path)).code == 1
    assert path.read_bytes() == before
    save("sport", "marathon")
    assert depeche("news", "--format", "atom", "--output", str(path)).code == 0
    after = feedparser.parse(path.read_bytes())
    assert (len(after.entries), after.feed.id) == (3, feedparser.parse(before).feed.id)


def test_a_mail_is_written_where_there_are_news_only(depeche: Depeche) -> None:
    save("armes", "munitions", "obus", "sommet")
    ran = depeche("news", "--format", "eml", "--to", "r@exemple.test")
    mail = message_from_string(ran.out, policy=policy.default)
    assert (ran.code, ran.err, mail["To"]) == (0, "", "r@exemple.test")
    assert mail["Subject"] == "Dépêche – 2 new articles: armes"
    again = depeche("news", "--format", "eml", "--to", "r@exemple.test")
    assert (again.code, again.out) == (1, "")


def test_what_cannot_be_written_stays_new(depeche: Depeche) -> None:
    save("armes", "munitions", "obus")
    ran = depeche("news", "--format", "atom", "--output", "/nowhere/a.atom")
    assert ran.code == 2
    assert seen("armes") == {"obus"}


def test_a_threshold_leaves_out_what_is_less_sure_until_less_is_asked(
    depeche: Depeche,
) -> None:
    save("armes", "munitions grève hôpital")
    every = depeche("news", "--keep", "--format", "json", "--min-confidence", "0")
    evidence = {hit["id"]: hit["evidence"] for hit in every.json["results"]}
    line = max(evidence.values())
    some = depeche("news", "--keep", "--format", "json", "--min-confidence", f"{line - 0.0001:.4f}")
    assert set(some.ids) == {name for name, value in evidence.items() if value == line}
    assert depeche("news", "--keep", "--format", "json").ids == some.ids  # the default is 0.3
    assert 0 < len(some.ids) < len(evidence)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "atom"), "The format atom needs a file: --output FILE"),
        (("--output", "a"), "--output needs the format atom or eml"),
        (("--to", "a@b"), "--to needs the format eml"),
        (("--format", "eml", "--to", "a@b\nBcc: c@d"), "An address has no line end"),
    ],
)
def test_what_does_not_go_together_is_refused(
    depeche: Depeche, arguments: tuple[str, ...], message: str
) -> None:
    ran = depeche("news", *arguments)
    assert ran.code == 2
    assert message in ran.err
