"""How values look on the screen: charts, dates, highlighted text, facts about an index."""
