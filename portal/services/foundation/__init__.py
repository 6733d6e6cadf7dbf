"""What every other service stands on: keys, links, files, documents, numbers, the throttle. It knows no person."""
