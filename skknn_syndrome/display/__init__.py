"""Tables, Markdown and the look of figures: what all presentations share."""
