"""United States aluminum imports: loaders, calculations and bulletins."""

__version__ = "0.1.0"
