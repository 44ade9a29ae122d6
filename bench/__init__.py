"""Side-by-side measurements: every figure is a ratio against a floor measured in the same run. Fails on nothing."""
