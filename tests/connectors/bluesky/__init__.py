"""What the Bluesky connector does, without a network: the servers themselves are met in tests/peers."""
