//! `Name`: what a process may be registered under.

use std::any::Any;
use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A name to register a process under: any key with `Hash + Eq + Debug`.
///
/// Names of one runtime are one space, as OTP's local names are: a name has one holder, whatever its server type.
/// Keys of different types are different names, but for texts: `"a"` and `String::from("a")` are the same.
///
/// A name is claimed before `init` runs and is free again before anybody can observe the death of its holder.
#[derive(Clone)]
pub struct Name(Repr);

#[derive(Clone)]
enum Repr {
    Static(&'static str),
    Text(Arc<str>),
    Key(Arc<dyn Key>),
}

impl Name {
    /// A name from a key.
    pub fn new<K: Key>(key: K) -> Self {
        let mut key = Some(key);
        let any: &mut dyn Any = &mut key;
        if let Some(text) = any
            .downcast_mut::<Option<&'static str>>()
            .and_then(Option::take)
        {
            return Self(Repr::Static(text));
        }
        if let Some(text) = any.downcast_mut::<Option<String>>().and_then(Option::take) {
            return Self(Repr::Text(text.into()));
        }
        if let Some(text) = any
            .downcast_mut::<Option<Arc<str>>>()
            .and_then(Option::take)
        {
            return Self(Repr::Text(text));
        }
        if let Some(name) = any.downcast_mut::<Option<Self>>().and_then(Option::take) {
            return name;
        }
        let key = key.expect("only one of the branches above takes the key");
        Self(Repr::Key(Arc::new(key)))
    }

    /// A name from a text, without allocation.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(Repr::Static(text))
    }

    fn text(&self) -> Option<&str> {
        match &self.0 {
            Repr::Static(text) => Some(text),
            Repr::Text(text) => Some(text),
            Repr::Key(_) => None,
        }
    }
}

/// What a name can be looked up by, without owning one: a text or any key.
///
/// Implemented for `str` and for every key type; not meant to be implemented by hand.
pub trait NameKey {
    #[doc(hidden)]
    fn view(&self, then: &mut dyn FnMut(&(dyn Lookup + '_)));
}

impl NameKey for str {
    fn view(&self, then: &mut dyn FnMut(&(dyn Lookup + '_))) {
        then(&TextView(self));
    }
}

impl<K: Hash + Eq + fmt::Debug + Send + Sync + 'static> NameKey for K {
    fn view(&self, then: &mut dyn FnMut(&(dyn Lookup + '_))) {
        let any: &dyn Any = self;
        if let Some(text) = any.downcast_ref::<String>() {
            then(&TextView(text));
        } else if let Some(text) = any.downcast_ref::<&'static str>() {
            then(&TextView(text));
        } else if let Some(name) = any.downcast_ref::<Name>() {
            then(name);
        } else {
            then(&KeyView(self));
        }
    }
}

/// How a name is compared with something that stands for one. Names hash and compare through this.
#[doc(hidden)]
pub trait Lookup {
    fn as_text(&self) -> Option<&str>;
    fn as_key(&self) -> Option<&dyn Key>;
}

/// What may be a name: everything with `Hash + Eq + Debug + Send + Sync + 'static`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a name",
    label = "not `Hash + Eq + Debug + Send + Sync + 'static`",
    note = "derive `Hash`, `PartialEq`, `Eq` and `Debug` for the key, and let it own what it holds"
)]
pub trait Key: Any + fmt::Debug + Send + Sync {
    fn key_hash(&self, state: &mut dyn Hasher);
    fn key_eq(&self, other: &dyn Key) -> bool;
    fn as_any(&self) -> &dyn Any;
}

#[diagnostic::do_not_recommend]
impl<K: Hash + Eq + fmt::Debug + Send + Sync + 'static> Key for K {
    fn key_hash(&self, mut state: &mut dyn Hasher) {
        std::any::TypeId::of::<K>().hash(&mut state);
        self.hash(&mut state);
    }

    fn key_eq(&self, other: &dyn Key) -> bool {
        other
            .as_any()
            .downcast_ref::<K>()
            .is_some_and(|other| self == other)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct TextView<'a>(&'a str);

impl Lookup for TextView<'_> {
    fn as_text(&self) -> Option<&str> {
        Some(self.0)
    }

    fn as_key(&self) -> Option<&dyn Key> {
        None
    }
}

struct KeyView<'a, K>(&'a K);

impl<K: Hash + Eq + fmt::Debug + Send + Sync + 'static> Lookup for KeyView<'_, K> {
    fn as_text(&self) -> Option<&str> {
        None
    }

    fn as_key(&self) -> Option<&dyn Key> {
        Some(self.0)
    }
}

impl Lookup for Name {
    fn as_text(&self) -> Option<&str> {
        self.text()
    }

    fn as_key(&self) -> Option<&dyn Key> {
        match &self.0 {
            Repr::Key(key) => Some(&**key),
            _ => None,
        }
    }
}

impl Hash for dyn Lookup + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match (self.as_text(), self.as_key()) {
            (Some(text), _) => text.hash(state),
            (None, Some(key)) => key.key_hash(state),
            (None, None) => {}
        }
    }
}

impl PartialEq for dyn Lookup + '_ {
    fn eq(&self, other: &Self) -> bool {
        match (
            self.as_text(),
            other.as_text(),
            self.as_key(),
            other.as_key(),
        ) {
            (Some(a), Some(b), ..) => a == b,
            (None, None, Some(a), Some(b)) => a.key_eq(b),
            _ => false,
        }
    }
}

impl Eq for dyn Lookup + '_ {}

impl<'a> Borrow<dyn Lookup + 'a> for Name {
    fn borrow(&self) -> &(dyn Lookup + 'a) {
        self
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self as &dyn Lookup).hash(state);
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        (self as &dyn Lookup) == (other as &dyn Lookup)
    }
}

impl Eq for Name {}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Self::from_static(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(Repr::Text(text.into()))
    }
}

/// The key as it was given: a text without quotes, any other key by its `Debug`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Static(text) => f.write_str(text),
            Repr::Text(text) => f.write_str(text),
            Repr::Key(key) => fmt::Debug::fmt(key, f),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Key(key) => fmt::Debug::fmt(key, f),
            _ => fmt::Debug::fmt(self.text().unwrap_or_default(), f),
        }
    }
}
