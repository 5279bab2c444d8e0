"""What several connectors need: reading what strangers wrote, calling a network, checking a signature. No network of
its own is described here, but for families of networks that share one programming interface.
"""
