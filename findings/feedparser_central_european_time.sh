#!/usr/bin/env bash
# feedparser 6.0.14: a date of a feed that ends in CET or CEST is taken for UTC.
#
# Behaviour: published_parsed is documented to be in UTC. "EST" is turned into UTC (five hours later), but "CET" and
# "CEST" are ignored: 18:05 CET stays 18:05, though it is 17:05 in UTC. No error, and bozo stays false.
# Likely wrong guess: that a zone which is not known gives no date, or sets bozo.
# Output seen:
#   +0100 17:05
#   EST 23:05
#   CET 18:05
#   CEST 18:05
# Why it matters here: feeds of French, Belgian and Swiss papers write CET. So search/corpus/agencies/feeds.py takes the
# date as it is written, and search/text/published.py reads it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check feedparser==6.0.14 2> /dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import feedparser

FEED = "<rss version='2.0'><channel><item><title>a</title><pubDate>{}</pubDate></item></channel></rss>"
seen = {}
for zone in ("+0100", "EST", "CET", "CEST"):
    feed = feedparser.parse(FEED.format(f"Fri, 01 Mar 2024 18:05:00 {zone}"))
    moment = feed.entries[0].published_parsed
    seen[zone] = f"{moment.tm_hour:02}:{moment.tm_min:02}"
    print(zone, seen[zone])
    assert not feed.bozo
assert seen == {"+0100": "17:05", "EST": "23:05", "CET": "18:05", "CEST": "18:05"}, "feedparser has changed"
PYTHON
