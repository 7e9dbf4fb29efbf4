"""What licenses say of the months that Census has not published: sections shared by the bulletins that show them.

They take the `View` of the import trends, whose ``early`` holds the license months.
"""
