"""YouTube: comments under a channel's videos, their replies, and its live chats."""
