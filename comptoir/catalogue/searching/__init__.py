"""Finding entries by what they mean and by their words, in whatever language one asks."""
