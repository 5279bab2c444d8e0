"""What the screens read."""
