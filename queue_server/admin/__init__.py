"""`antrean-admin`: prepares a mall, lets people and devices in, keeps its data; also beside a running server."""
