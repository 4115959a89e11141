"""What all tests of the checkout have: the plugin as it lies here, and pytest's own for plugins."""

pytest_plugins = ["quart_parity.pytest_plugin", "pytester"]
