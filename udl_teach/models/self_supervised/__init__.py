"""Self-supervision: codes from tasks that the data set themselves, two views of one image or its hidden patches."""
