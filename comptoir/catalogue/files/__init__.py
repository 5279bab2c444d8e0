"""The catalogue as a file: what others give, read line by line, and what we give."""
