"""The shared language: messages, emotion labels, film time. Standard library and msgspec only."""
