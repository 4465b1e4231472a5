//! A strict EC2 in one process.
