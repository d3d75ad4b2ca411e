"""The model against theory, conservation under stress, and the stylised facts of real tokens."""
