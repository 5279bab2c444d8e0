"""How the templates say things."""
