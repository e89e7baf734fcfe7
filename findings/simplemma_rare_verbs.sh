#!/usr/bin/env bash
# simplemma 2.0.0, French: frequent words become the infinitives of rare verbs, and feminines have no common lemma.
#
# Behaviour: lemmatize() gives one lemma a form, whatever its frequency. "prise" becomes "priser" (to take snuff),
# "mise" "miser" (to bet). The plural "baux" becomes "bau", a beam of a ship, and not "bail". "chanteuse", "directrice"
# and "blanche" stay as they are, though "vieille" becomes its masculine, "vieux".
# Likely wrong guess: that a form gets the lemma of its most frequent reading, and that lemmas join both genders.
# Output seen:
#   prise -> priser, mise -> miser, baux -> bau
#   chanteuse -> chanteuse, directrice -> directrice, blanche -> blanche, vieille -> vieux
# Why it matters here: an index of such lemmas misses the words of a query in half of their uses, and joins strangers.
# So search/text/stemmer.py undoes inflections by rules and lists of its own; docs/ranking.md compares both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check simplemma==2.0.0 2> /dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import simplemma

seen = {}
for words in ("prise mise baux", "chanteuse directrice blanche vieille"):
    lemmas = {word: simplemma.lemmatize(word, lang="fr") for word in words.split()}
    print(", ".join(f"{word} -> {lemma}" for word, lemma in lemmas.items()))
    seen |= lemmas
assert seen == {
    "prise": "priser",
    "mise": "miser",
    "baux": "bau",
    "chanteuse": "chanteuse",
    "directrice": "directrice",
    "blanche": "blanche",
    "vieille": "vieux",
}, "simplemma has changed"
PYTHON
