"""Which days offices work, by region: public holidays, and weekend days that are worked instead."""
