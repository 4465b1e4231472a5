//! Globs over refs and over file paths.
