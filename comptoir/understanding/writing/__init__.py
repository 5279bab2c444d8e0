"""Drafts and rewritings by a language model that the company has chosen: grounded, checked, never sent from here."""
