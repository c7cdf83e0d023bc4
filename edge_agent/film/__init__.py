"""The film itself, not its viewers: its shots, found where its file is. Needs the extra ``detect``, and no torch."""
