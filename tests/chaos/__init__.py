"""What the project promises to survive, tried on real parts: ``make chaos``. A short form runs with the tests."""
