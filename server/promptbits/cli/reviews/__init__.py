"""What the commands about reviews have in common."""
