"""What a developer or an installer runs from the repository; never shipped, never imported by a program."""
