"""Pages and pictures of what was measured: words beside every figure, readable on a light and on a dark screen."""
