"""Where the metal of imports was smelted and cast: shares, exposures, implied tonnes, bounds and carbon, protected."""
