"""A trained denoiser and its rivals on noisy pictures."""
