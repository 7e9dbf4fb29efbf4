"""The reference room: small dated tables of countries and products, sources in ``tables/README.md``."""
