"""Embedding of images: from pictures to a file of embeddings, by a frozen encoder."""
