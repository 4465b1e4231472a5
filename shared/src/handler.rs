//! The function's whole behaviour as one state machine without I/O.
