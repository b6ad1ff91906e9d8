"""The image: built and run by whatever Docker engine there is, against a sandbox on the host."""
