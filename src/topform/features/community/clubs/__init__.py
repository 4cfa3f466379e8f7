"""Groups of people with roles, and what is shared in them."""
