"""The tone of a reply, read as it is written: plain Python, nothing fetched, nothing stored.

``check_reply`` answers the criteria; ``hints`` tells the agent what to look at, and where.
"""
