"""What `make bench` measures, and the stage that it and the browser tests stand on."""
