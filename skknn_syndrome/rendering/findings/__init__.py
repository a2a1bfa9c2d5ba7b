"""What single analyses of a study let the report say."""
