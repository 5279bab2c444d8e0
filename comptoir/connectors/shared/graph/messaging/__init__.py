"""The Messenger Platform, by which Messenger and Instagram exchange private messages."""
