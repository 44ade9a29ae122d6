"""Serving visitors who see, hear, read, reach or touch otherwise: modes of the same screens; issues nothing."""
