"""The core: values and pure functions. No I/O, no clock, no framework, no logging."""
