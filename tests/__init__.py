"""Mirrors the packages; integration/ has a real broker, e2e/ a real browser."""
