"""X (formerly Twitter): mentions, replies and direct messages of one account."""
