"""What the screens are given to show, by screen."""
