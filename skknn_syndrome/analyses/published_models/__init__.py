"""Published figures of other models: how do the models of a comparison stand beside them."""
