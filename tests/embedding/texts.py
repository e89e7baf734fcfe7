"""French press sentences, and spellings that are difficult for a tokenizer."""

import unicodedata
from pathlib import Path

SENTENCES = (
    "Moscou a reçu des obus d’artillerie de 152 mm livrés par Pyongyang, selon Séoul.",
    "L’Élysée a réagi mardi soir : « Nous ne céderons pas », a déclaré le président.",
    "Le cœur de l'État bat aussi à Saint-Étienne-du-Rouvray, où l’on vote dimanche.",
    "Hausse de 3,5 % des prix en août ; 10 000 emplois supprimés, 1 234 567 € d’amende.",
    "Aujourd'hui, quelqu’un de la presqu'île de Crozon a gagné 12,3 M€ au Loto.",
    "L'U.R.S.S., puis la C.E.I. : trente ans d’histoire en quinze cartes (PDF, 2 Mo).",
    "GRÈVE DES CONTRÔLEURS AÉRIENS : 60 % DES VOLS ANNULÉS À ORLY CE JEUDI",
    "Nº 5 – le 1er étage coûte 4½ fois plus qu’en 1998… et 20 m² de moins !",
    "🎉 La France qualifiée ! 🇫🇷⚽ Score final : 4-2 (a.p.), 89′ Mbappé 👩‍🚀",
    "Œuvre inédite d’un maître flamand : « L’Œil » vendue aux enchères à Drouot.",
    "https://www.example.org/article?id=42&utm_source=rss – lire aussi page 3",
    "Les députés ont adopté l’article 49-3bis (nouveau) par 289 voix contre 240.",
    "Der Bundeskanzler trifft Präsident Macron in Straßburg, берлин молчит, 北京也是。",
    "Anticonstitutionnellement, dit-il ; hydroélectricité, rétropédalage, œcuménisme.",
    "Le\u00a0prix\u202fdu\u2009baril\u00a0: 87,4\u00a0$ — un\u00adplus\u200bhaut depuis 2014.",
    "La ﬁn d’un conﬂit\tde voisinage\nentre deux communes de l’Aïn, Ambérieu et Château-Gaillard.",
)


def varied() -> list[str]:
    """At least 60 texts: sentences in several spellings, all sentences joined, and sample articles."""
    spellings = (
        str,
        str.upper,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode(),
        lambda text: f"  {text}\r\n\r\n{text[:23]} ",
    )
    texts = [spell(sentence) for sentence in SENTENCES for spell in spellings]
    sample = Path(__file__).parents[2] / "search" / "sample"
    bodies = [path.read_text(encoding="utf-8")[:1500] for path in sorted(sample.rglob("*.md"))]
    return list(dict.fromkeys([*texts, " ".join(SENTENCES), *bodies]))
