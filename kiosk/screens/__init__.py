"""One file a screen. A screen shows what it is given and says what was touched; it holds no truth.

Knows `kiosk.widgets` and `kiosk.desk`; must never import the ledger, the link or the printers.
"""
