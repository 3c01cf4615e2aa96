"""What a threshold costs, for several detectors of fraud."""
