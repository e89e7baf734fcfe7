"""How many articles a second are read from an export of Europresse, on one core, besides indexing.

Run it with ``scripts/measure_reading``. The files hold invented text in the form of today's export.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from search.corpus import read
from search.types import Article

_FILES = (50, 100, 500, 1000)  # articles a file; these sizes come by turns
_WORDS = (
    "le la les un une des de du à au en pour par sur avec sans mais donc alors port quai grue docker accord "
    "travail reprise grève ville maire conseil budget projet école hôpital marché festival musée rivière "
    "pont route train usine salaire syndicat direction départ retraite livraison semaine jeudi vendredi "
    "Armeil Valmont Sorgue département région annonce décide prévoit rouvre ferme attend signe refuse vote"
).split()
_ARTICLE = """<article><header>
<div class="rdp__DocPublicationName"><span class="DocPublicationName">Gazette Exemple, no. {number}
                </span></div>
<div class="rdp__DocHeader">
<span class="DocHeader">Économie, vendredi 1 mars 2024 {words} mots, p. {page}</span></div>
<div class="titreArticle"><p class="sm-margin-bottomNews">PORTS</p>
<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}</p>
<p class="sm-margin-TopNews rdp__subtitle">{lead}</p></div>
<p class="sm-margin-bottomNews">Jeanne Modèle</p></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer">{body}</div></div></section>
<aside><div><b>Note(s) : </b></div></aside>
<footer><a name="complement"></a><div class="Doc-LegalInfo"><small>© 2024 Gazette Exemple.</small></div>
<div id="divPubliC"><div class="publiC-lblNodoc">news·20240302·GZE·{number}</div>
<div><span>Ce certificat est émis à <b>Université-d'Exemple</b>.</span></div></div></footer></article>
"""


def main(count: int = 20_000) -> None:
    """Write ``count`` articles into a temporary folder, read them, and print the articles a second."""
    with tempfile.TemporaryDirectory() as folder:
        size = _write(Path(folder), count, random.Random(16))  # noqa: S311 - no secret
        start = time.process_time()
        articles = sum(isinstance(article, Article) for article in read([folder]))
        seconds = time.process_time() - start
    rate = articles / seconds
    print(f"{articles:,} articles, {size / 1e6:.0f} MB: {seconds:.1f} s, {rate:,.0f} a second")  # noqa: T201


def _write(folder: Path, count: int, chance: random.Random) -> int:
    written = size = 0
    while written < count:
        articles = min(_FILES[written % len(_FILES)], count - written)
        text = "".join(_article(written + number, chance) for number in range(articles))
        page = f'<!DOCTYPE html> <html> <head> <meta charset="utf-8"> </head> <body> {text} </body> </html>'
        size += (folder / f"{written:06}.HTML").write_text(page, encoding="utf-8")
        written += articles
    return size


def _article(number: int, chance: random.Random) -> str:
    """An article of 300 to 700 words in eight paragraphs, some words marked as found."""
    words = chance.randint(300, 700)
    paragraphs = "".join(f"<p>{_sentence(words // 8, chance)} <mark>dockers</mark>.</p>" for _ in range(8))
    return _ARTICLE.format(
        number=number,
        words=words,
        page=chance.randint(1, 40),
        title=_sentence(9, chance),
        lead=_sentence(25, chance),
        body=paragraphs,
    )


def _sentence(words: int, chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
