"""Where figures come from: one module a provider, with its request, its parse and its quirks."""
