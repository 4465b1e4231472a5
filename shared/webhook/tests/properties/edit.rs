//! JSON that can be spoilt at any place: fields dropped, given another type, given twice, nested as deep as one likes.

use serde_json::Value;

/// JSON whose objects keep what `serde_json` would put in order.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Written as it is.
    Text(String),
    List(Vec<Node>),
    Fields(Vec<(String, Node)>),
}

/// What is done at one place: to a field of an object, or to an element of an array.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Drop,
    Replace(Node),
    /// The same field once more, in front of the one that is there.
    Before(Node),
    After(Node),
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Node {
        match value {
            Value::Array(list) => Node::List(list.iter().map(Node::from).collect()),
            Value::Object(fields) => {
                Node::Fields(fields.iter().map(|(key, value)| (key.clone(), value.into())).collect())
            }
            plain => Node::Text(plain.to_string()),
        }
    }
}

impl Node {
    pub(crate) fn places(&self) -> usize {
        match self {
            Node::Text(_) => 0,
            Node::List(list) => list.iter().map(|node| 1 + node.places()).sum(),
            Node::Fields(fields) => fields.iter().map(|(_, node)| 1 + node.places()).sum(),
        }
    }

    /// What stands at a place, counted in the order of the text.
    pub(crate) fn at(&self, place: usize) -> Option<&Node> {
        let children: Vec<&Node> = match self {
            Node::Text(_) => Vec::new(),
            Node::List(list) => list.iter().collect(),
            Node::Fields(fields) => fields.iter().map(|(_, node)| node).collect(),
        };
        let mut left = place;
        for child in children {
            let Some(inside) = left.checked_sub(1) else { return Some(child) };
            let places = child.places();
            if inside < places {
                return child.at(inside);
            }
            left = inside - places;
        }
        None
    }

    /// Nothing happens at a place that there is not.
    pub(crate) fn edit(&mut self, place: usize, edit: &Edit) {
        match self {
            Node::Text(_) => {}
            Node::List(list) => edit_one(list, place, edit, |node| node, |_, new| new),
            Node::Fields(fields) => {
                edit_one(fields, place, edit, |(_, node)| node, |(key, _), new| (key.clone(), new));
            }
        }
    }
}

fn edit_one<T>(
    list: &mut Vec<T>,
    place: usize,
    edit: &Edit,
    node: fn(&mut T) -> &mut Node,
    with: fn(&T, Node) -> T,
) {
    let mut left = place;
    for i in 0..list.len() {
        let Some(inside) = left.checked_sub(1) else {
            match edit {
                Edit::Drop => drop(list.remove(i)),
                Edit::Replace(new) => *node(&mut list[i]) = new.clone(),
                Edit::Before(new) => list.insert(i, with(&list[i], new.clone())),
                Edit::After(new) => list.insert(i + 1, with(&list[i], new.clone())),
            }
            return;
        };
        let child = node(&mut list[i]);
        let places = child.places();
        if inside < places {
            return child.edit(inside, edit);
        }
        left = inside - places;
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let comma = |i| if i == 0 { "" } else { "," };
        match self {
            Node::Text(text) => f.write_str(text),
            Node::List(list) => {
                f.write_str("[")?;
                list.iter().enumerate().try_for_each(|(i, node)| write!(f, "{}{node}", comma(i)))?;
                f.write_str("]")
            }
            Node::Fields(fields) => {
                f.write_str("{")?;
                let mut fields = fields.iter().enumerate();
                fields.try_for_each(|(i, (key, node))| {
                    write!(f, "{}{}:{node}", comma(i), Value::from(key.as_str()))
                })?;
                f.write_str("}")
            }
        }
    }
}

#[test]
fn every_place_can_be_edited() {
    let json: Value = serde_json::from_str(r#"{"a":[1,{"b":null}],"c":"d"}"#).unwrap();
    let node = Node::from(&json);
    let edited = |place, edit: &Edit| {
        let mut node = node.clone();
        node.edit(place, edit);
        node.to_string()
    };
    assert_eq!(node.places(), 5);
    assert_eq!(node.at(3).unwrap().to_string(), "null");
    assert_eq!(node.at(4).unwrap().to_string(), "\"d\"");
    assert!(node.at(5).is_none());
    let new = Node::Text("7".into());
    assert_eq!(edited(0, &Edit::Drop), r#"{"c":"d"}"#);
    assert_eq!(edited(1, &Edit::Drop), r#"{"a":[{"b":null}],"c":"d"}"#);
    assert_eq!(edited(2, &Edit::Replace(new.clone())), r#"{"a":[1,7],"c":"d"}"#);
    assert_eq!(edited(3, &Edit::Before(new.clone())), r#"{"a":[1,{"b":7,"b":null}],"c":"d"}"#);
    assert_eq!(edited(4, &Edit::After(new.clone())), r#"{"a":[1,{"b":null}],"c":"d","c":7}"#);
    assert_eq!(edited(5, &Edit::Replace(new)), json.to_string());
}
