"""What people fill in, by screen: reading it, refusing it with words, keeping it in the form."""
