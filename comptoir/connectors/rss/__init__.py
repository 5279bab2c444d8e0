"""Feeds of posts and comments: RSS, Atom, JSON Feed."""
