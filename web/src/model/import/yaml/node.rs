//! What a YAML text says: its values, each with its line.

/// A value with the line where it begins, from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::model::import) struct Node {
    pub(in crate::model::import) line: usize,
    pub(in crate::model::import) value: Value,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::model::import) enum Value {
    #[default]
    Null,
    Text(String),
    List(Vec<Node>),
    /// Of keys that are there twice both stay.
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(in crate::model::import) fn map(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Map(map) => map,
            Value::Null | Value::Text(_) | Value::List(_) => &[],
        }
    }

    pub(in crate::model::import) fn get(&self, key: &str) -> Option<&Node> {
        self.map().iter().rev().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// The items of a list; what is no list is its only item.
    pub(in crate::model::import) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Null => &[],
            Value::Text(_) | Value::Map(_) => std::slice::from_ref(self),
        }
    }

    pub(in crate::model::import) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }
}
