"""A learned codec, JPEG and PCA at equal bytes."""
