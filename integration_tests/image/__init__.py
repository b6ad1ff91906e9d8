"""Proves the image: built, checked and run by a real container engine, against the sandbox on the host."""
