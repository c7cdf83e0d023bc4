"""A page in which a person sees what the program sees of them, and of a picture that they choose. Nothing leaves it."""
