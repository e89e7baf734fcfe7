"""How values are shown: charts, dates, highlights."""
