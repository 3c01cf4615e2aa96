"""The exercises of lesson 11, in their order."""

ORDER = ("window_scores", "p_values", "event_f1", "cheapest_threshold", "diagnose")
