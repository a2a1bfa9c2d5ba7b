"""The embeddings in the plane, and similarity of class centroids."""
