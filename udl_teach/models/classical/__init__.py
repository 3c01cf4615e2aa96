"""Classical methods that deep ones are compared with: PCA, k-means, denoising by PCA of patches."""
