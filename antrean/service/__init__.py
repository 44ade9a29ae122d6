"""How a program shows that it lives: words to the service manager, and a small supervisor where there is none.

Knows processes, signals and datagrams on this machine; must import nothing but the standard library.
"""
