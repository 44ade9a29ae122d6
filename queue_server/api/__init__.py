"""The HTTP operations under /v1, one small module a concern; each gives its `Operation`s."""
