"""Pure functions of frames: the same rows and the same ``as_of`` give the same rows."""
