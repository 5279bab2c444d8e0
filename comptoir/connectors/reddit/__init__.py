"""Reddit: posts and comments in the brand's subreddits, mentions, private messages, moderators' mail."""
