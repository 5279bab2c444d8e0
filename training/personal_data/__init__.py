"""Our own sentences with and without personal data, marked by hand: what the patterns are written and measured on."""
