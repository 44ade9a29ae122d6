"""The touchscreen that gives visitors their number, with or without the server.

May import the shared core and `printers`; never `queue_server` or `display`. Nobody imports it.
"""
