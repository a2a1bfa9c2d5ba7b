"""Published results: how does this study compare, and do they come out again."""
