"""Discourse: posts and private messages of one forum."""
