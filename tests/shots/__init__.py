"""Pictures of the screens, for people to look at."""
