"""References, read again by the libraries that read those of others."""

import json
import re

import citeproc
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.research.latex import without_latex
from search.export import Content
from search.export.bibtex import latex
from search.export.names import name_of
from search.export.references import safe_key

from .sample import ARTICLES, written


@pytest.mark.parametrize(
    ("spoken", "family", "given", "particle"),
    [
        ("Jeanne Modèle", "Modèle", "Jeanne", ""),
        ("Jean de La Colline", "La Colline", "Jean", "de"),
        ("Émile d’Aubert", "Aubert", "Émile", "d’"),
        ("Ludwig van der Berg", "Berg", "Ludwig", "van der"),
        ("Paul DURAND MARTIN", "DURAND MARTIN", "Paul", ""),
        ("Marie-Claire Le Goff", "Le Goff", "Marie-Claire", ""),
        ("AFP", "", "", ""),
        ("Agence Exemple", "", "", ""),
        ("La rédaction", "", "", ""),
        ("Jeanne Modèle avec AFP", "", "", ""),
        ("AFP/Reuters", "", "", ""),
    ],
)
def test_a_name_has_its_parts_and_an_agency_none(spoken: str, family: str, given: str, particle: str) -> None:
    name = name_of(spoken)
    assert (name.literal, name.family, name.given, name.particle) == (spoken, family, given, particle)


def test_ris_is_read_by_rispy() -> None:
    first, second, third, fourth = rispy.loads(written("ris").decode())
    assert first["type_of_reference"] == "NEWS"
    assert first["title"] == ARTICLES[0].title
    assert first["authors"] == ["Modèle, Jeanne", "Agence Exemple,", "La Colline, Jean de", "AFP,"]
    assert (first["year"], first["date"]) == ("2023", "2023/09/12/")
    assert (first["start_page"], first["end_page"]) == ("3", "4")
    assert first["secondary_title"] == "L’Écho du Val"
    assert first["urls"] == [ARTICLES[0].url]
    assert first["keywords"] == ["eau", "sécheresse, nappes"]
    assert first["abstract"] == "Les nappes baissent de 50 %."
    assert first["notes"] == [
        "<p>Les nappes baissent de 50 %.</p><p>Le préfet a écrit : ``fermez'' -- C:\\temp ~ ^ $5 &amp; "
        "1 &lt; _x_ &gt; 2.</p>"
    ]
    assert (second["date"], third["date"]) == ("2023/09//", "2023///")
    assert second["authors"] == ["DURAND MARTIN, Paul"]
    assert "date" not in fourth
    assert "year" not in fourth


def test_ris_of_excerpts_has_the_snippet_as_abstract_and_the_note() -> None:
    reference = rispy.loads(
        written("ris", Content.EXCERPTS, ARTICLES[1:2], {ARTICLES[1].id: "à vérifier"}).decode()
    )[0]
    assert (reference["abstract"], reference["notes"]) == ("Texte seul.", ["à vérifier"])


def test_bibtex_is_read_by_bibtexparser_and_printed_as_it_was() -> None:
    library = parse_string(written("bibtex").decode())
    assert not library.failed_blocks
    assert [entry.entry_type for entry in library.entries] == ["article"] * 4
    first, second, third, fourth = ({f.key: f.value for f in entry.fields} for entry in library.entries)
    assert without_latex(first["title"]) == ARTICLES[0].title
    assert first["title"].startswith("{")  # styles change the case of others
    assert first["author"] == "Modèle, Jeanne and {Agence Exemple} and de La Colline, Jean and {AFP}"
    assert third["author"] == "d'Aubert, Émile"
    assert (first["date"], first["year"], first["month"], first["day"]) == ("2023-09-12", "2023", "09", "12")
    assert (second["date"], third["date"]) == ("2023-09", "2023")
    assert "date" not in fourth
    assert without_latex(first["note"]) == ARTICLES[0].body
    assert first["journaltitle"] == first["journal"] == "L’Écho du Val"
    assert first["url"] == "https://exemple.test/eau_50%25?a=%7Bb%7D&c=1"
    assert (first["langid"], first["entrysubtype"]) == ("french", "newspaper")
    keys = [entry.key for entry in library.entries]
    assert keys[0] == ARTICLES[0].id
    assert re.fullmatch(r"a-b-1-[0-9a-f]{12}", keys[1])


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_sign_is_printed_by_latex_as_it_was(text: str) -> None:
    assert latex(text).count("{") == latex(text).count("}")
    library = parse_string(f"@article{{k,\n  note = {{x{latex(text)}x}},\n}}\n")
    assert not library.failed_blocks
    printed = without_latex(library.entries[0].fields_dict["note"].value)
    assert printed == without_latex(f"x{latex(text)}x")
    for sign in "\\{}%&$#_~^":
        assert printed.count(sign) == text.count(sign)


@given(st.lists(st.text(max_size=120), unique=True, max_size=8))
def test_keys_are_safe_and_differ_as_ids_do(ids: list[str]) -> None:
    keys = [safe_key(each) for each in ids]
    assert len(set(keys)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", key) for key in keys)


def test_csl_is_rendered_by_a_citation_processor() -> None:
    items = json.loads(written("csl"))
    assert [item["type"] for item in items] == ["article-newspaper"] * 4
    assert items[0]["author"] == [
        {"family": "Modèle", "given": "Jeanne"},
        {"literal": "Agence Exemple"},
        {"family": "La Colline", "given": "Jean", "dropping-particle": "de"},
        {"literal": "AFP"},
    ]
    assert [item.get("issued") for item in items] == [
        {"date-parts": [[2023, 9, 12]]},
        {"date-parts": [[2023, 9]]},
        {"date-parts": [[2023]]},
        None,
    ]
    assert items[0]["note"] == ARTICLES[0].body
    # The processor knows neither notes nor keywords, and warns of fields of the schema that it lacks.
    known = [{k: v for k, v in item.items() if k not in ("abstract", "keyword", "note")} for item in items]
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", "fr-FR", validate=False)
    bibliography = citeproc.CitationStylesBibliography(style, CiteProcJSON(known), citeproc.formatter.plain)
    for item in known:
        bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    rendered = [str(item) for item in bibliography.bibliography()]
    assert rendered[0].startswith("Modèle, J. et al. (2023)")
    assert "L’Écho du Val. Valmont, 12 septembre, p. 3‑4" in rendered[0]
    assert rendered[1].startswith("DURAND MARTIN, P. (2023)")
    assert rendered[3] == "(sans date) «\u00a0Sans date\u00a0»."
