"""How the bundled classifier is made: data set, augmentation, training, measurement."""
