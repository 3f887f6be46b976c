"""Calibration: is the advice good, judged by documented businesses, and what may be learnt from them."""
