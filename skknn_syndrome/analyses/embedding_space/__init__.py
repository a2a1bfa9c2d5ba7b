"""The embedding space: hubs, norms, purity."""
