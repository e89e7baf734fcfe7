#!/usr/bin/env bash
# PyStemmer 3.1.0 (Snowball, French): the plural of many words that end in a vowel keeps its s.
#
# Behaviour: a final s is removed only after a letter other than a, i, o, u, è and s. So "loi" and "lois", "élu" and
# "élus", "euro" and "euros" have two stems each. "mur" and "murs" have one, and so do "idée" and "idées". At the same
# time "gaza" loses its a as a form of a verb would, and shares its stem with "gaz".
# Likely wrong guess: that a stemmer removes at least the s of a plural.
# Output seen:
#   loi: loi, lois: lois
#   élu: élu, élus: élus
#   euro: euro, euros: euros
#   mur: mur, murs: mur
#   idée: idé, idées: idé
#   gaza: gaz, gaz: gaz
# Why it matters here: a search for "loi" misses the articles on "lois", the most frequent word of parliamentary news. So
# search/text/stemmer.py undoes number and gender before it asks Snowball.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check PyStemmer==3.1.0 2> /dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import Stemmer

stemmer = Stemmer.Stemmer("french")
pairs = ["loi lois", "élu élus", "euro euros", "mur murs", "idée idées", "gaza gaz"]
stems = {pair: stemmer.stemWords(pair.split()) for pair in pairs}
for pair, (one, two) in stems.items():
    first, second = pair.split()
    print(f"{first}: {one}, {second}: {two}")
assert [pair for pair, (one, two) in stems.items() if one != two] == ["loi lois", "élu élus", "euro euros"]
assert stems["gaza gaz"] == ["gaz", "gaz"], "Snowball has changed"
PYTHON
