"""Finding: what is asked for in words is read (reading), looked for (texts, people), and shown in its context."""
