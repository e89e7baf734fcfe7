#!/usr/bin/env bash
# rispy 0.10.0: a reference in RIS that has no ER line is lost silently.
#
# Behaviour: loads() gives a reference when it meets its "ER  -" line. A last reference without that line is left
# out, with no error and no warning. In the middle of a file, the next reference is left out in its place.
# Likely wrong guess: that every "TY  -" begins a reference, and that the end of the file ends the last one.
# Output seen:
#   last without ER: ['Un']
#   alone without ER: []
#   first without ER: 1 of 2
# Why it matters here: exports that are cut short, or put together by hand, would lose articles silently. So
# search/corpus/research/ris.py reads RIS itself: TY begins a reference, and the end of the file ends it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check rispy==0.10.0 2> /dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import rispy

last = [entry["title"] for entry in rispy.loads("TY  - NEWS\nTI  - Un\nER  - \n\nTY  - NEWS\nTI  - Deux\n")]
alone = rispy.loads("TY  - NEWS\nTI  - Seul\n")
first = rispy.loads("TY  - NEWS\nTI  - Un\n\nTY  - NEWS\nTI  - Deux\nER  - \n")
print("last without ER:", last)
print("alone without ER:", alone)
print("first without ER:", len(first), "of 2")
assert (last, alone, len(first)) == (["Un"], [], 1), "rispy has changed"
PYTHON
