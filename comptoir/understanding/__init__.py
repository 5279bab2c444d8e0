"""Reading texts: plain Python, no Django, nothing fetched."""
