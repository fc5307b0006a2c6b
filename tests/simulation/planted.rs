//! Planted bugs: each has to be found.
