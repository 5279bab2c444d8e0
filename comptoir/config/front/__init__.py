"""What stands before the WSGI application, so that no slow connection holds one of its threads.

A request's body is read here, by the event loop, and only what has come whole takes a thread; an answer is given to
the loop whole, and whoever reads it slowly keeps no thread either. See docs/decisions/0010-slow-connections.md.
"""
