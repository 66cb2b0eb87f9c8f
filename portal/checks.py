"""Deploy checks: what must hold before the service meets the world. `manage.py check --deploy` runs them."""
