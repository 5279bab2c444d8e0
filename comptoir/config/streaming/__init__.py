"""The stream of live updates: who listens, what happened, and who may know."""
