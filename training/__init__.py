"""How the coefficients in comptoir/understanding/heads were made: `make train` runs it all, with fixed seeds."""
