"""The shared core: what every program of a mall must agree on.

Knows tickets, numbers, order, the log, how to speak, write and look. Imports no program (`kiosk`, `queue_server`,
`display`, `printers`).
"""
