"""Training of the form model; everything here needs PyTorch, the extra `train`."""
