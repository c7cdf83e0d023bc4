"""Libraries that can run the classifier's network, one adapter each. ``docs/engines.md`` says which to take."""
