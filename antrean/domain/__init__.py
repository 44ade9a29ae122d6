"""What we know: tickets, numbers, order, the hall and its waits, as pure functions over frozen values.

Imports the standard library only: no socket, SQL, clock or randomness ever. Time, ids and chance arrive as arguments.
"""
