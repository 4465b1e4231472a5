//! What a field shows of a problem with it.

/// Something wrong with a field.
#[derive(Clone, PartialEq)]
pub struct Fault {
    /// The line of a list or the row of a table, from 0.
    pub entry: Option<usize>,
    /// In the words of the command line.
    pub message: String,
}
