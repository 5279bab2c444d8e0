"""Whether a bot answers a message, proposes an answer, or leaves it: plain Python, nothing stored, nothing sent."""
