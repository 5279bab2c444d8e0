"""Putting another model in the place of ours, by configuration; ours stays, for when the other fails."""
