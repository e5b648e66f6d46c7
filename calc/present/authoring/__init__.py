"""What helps to write files: templates, samples, schemas, an interview's words."""
