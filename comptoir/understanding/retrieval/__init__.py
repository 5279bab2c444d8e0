"""Which entry of a catalogue answers a message: plain Python, in memory, nothing stored."""
