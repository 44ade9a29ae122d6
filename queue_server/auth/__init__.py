"""Who may do what: people with passwords and sessions, scripts with tokens, devices with pairing codes."""
