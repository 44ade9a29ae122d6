"""`antrean-admin`: prepares a mall, lets people and devices in, reads and keeps its data; also beside a running server."""
