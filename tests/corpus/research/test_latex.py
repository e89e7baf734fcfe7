import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.corpus.research.latex import without_latex


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"Mod{\`e}le \'etude \^{o} \"{\i} \c{c}a {\c c}a", "Modèle étude ô ï ça ça"),
        (r"L'{\oe}uvre, c{\oe}ur, 5{\texteuro}", "L'œuvre, cœur, 5€"),
        (r"100 \% \& \_ \$ \# \{a\}", "100 % & _ $ # {a}"),
        (r"{Le} \emph{bac} d'{Armeil}", "Le bac d'Armeil"),
        (r"pages 3--5~--- fin", "pages 3–5\u00a0— fin"),
        ("100 % des dockers, a < b", "100 % des dockers, a < b"),
        ("fin\\", "fin\\"),
        ("", ""),
    ],
)
def test_text_is_as_it_is_printed(written: str, printed: str) -> None:
    assert without_latex(written) == printed


@given(st.text(st.sampled_from("\\{}'`^\"~-cei ab%")))
def test_every_text_is_read(text: str) -> None:
    assert not set("{}~") & set(without_latex(text.replace("\\", "")))
    without_latex(text)
