"""Which text of a reference is the article."""

from search.corpus.record import Omission, RawRecord
from search.corpus.research.references import NO_TEXT, as_record


def _texts(abstract: str, *notes: str) -> tuple[object, object, object]:
    record = as_record({"title": "Le bac"}, abstract, notes, 3)
    assert isinstance(record, RawRecord)
    return record.fields["text"], record.fields["chapo"], record.fields["note"]


def test_the_longest_text_is_the_article() -> None:
    assert _texts("Court.", "<p>Une note, <b>bien</b> plus longue.</p>", "Lu.") == (
        "Une note, bien plus longue.",
        "Court.",
        ["Lu."],
    )
    assert _texts("Un résumé plus long.", "Lu.") == ("Un résumé plus long.", "", ["Lu."])
    assert _texts("", "Lu.") == ("Lu.", "", [])
    assert _texts("Résumé.") == ("Résumé.", "", [])


def test_markup_makes_no_text_longer() -> None:
    assert _texts("Onze lettres.", "<p class='une-classe-bien-longue'>Lu.</p>")[0] == "Onze lettres."


def test_a_title_alone_is_passed_over() -> None:
    assert as_record({"title": "Le bac"}, " ", ["<p> </p>", "…"], 3) == Omission(
        NO_TEXT, "Le bac: neither abstract nor note", 3
    )
