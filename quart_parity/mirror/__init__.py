"""A Flask application's own test suite, with each of its requests sent to the port as well."""
