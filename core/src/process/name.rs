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
///
/// ```
/// use suptree::Name;
///
/// /// A key of one's own.
/// #[derive(Debug, PartialEq, Eq, Hash)]
/// struct Shard(u32);
///
/// assert_eq!(Name::new(Shard(7)), Name::new(Shard(7)));
/// assert_ne!(Name::new(Shard(7)), Name::new(7));
/// assert_eq!(Name::new(String::from("cache")), Name::from_static("cache"));
/// assert_eq!(Name::new(Shard(7)).to_string(), "Shard(7)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(pub(crate) Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Repr {
    Text(Text),
    Key(Arc<dyn Key>),
}

/// A name that is a text. It hashes and compares as the text, so that a table of them is asked for a `str`.
#[derive(Clone)]
pub(crate) enum Text {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Name {
    /// A name from a key: a value of any type with `Hash + Eq + Debug + Send + Sync + 'static`.
    pub fn new<K: NameKey>(key: K) -> Self {
        key.into_name()
    }

    pub(crate) const fn is_text(&self) -> bool {
        matches!(self.0, Repr::Text(_))
    }

    fn of<K: Key>(key: K) -> Self {
        let mut key = Some(key);
        let any: &mut dyn Any = &mut key;
        if let Some(text) = any
            .downcast_mut::<Option<&'static str>>()
            .and_then(Option::take)
        {
            return Self::from_static(text);
        }
        if let Some(text) = any.downcast_mut::<Option<String>>().and_then(Option::take) {
            return Self::from(text);
        }
        if let Some(text) = any
            .downcast_mut::<Option<Arc<str>>>()
            .and_then(Option::take)
        {
            return Self(Repr::Text(Text::Shared(text)));
        }
        if let Some(name) = any.downcast_mut::<Option<Self>>().and_then(Option::take) {
            return name;
        }
        let key = key.expect("only one of the branches above takes the key");
        Self(Repr::Key(Arc::new(key)))
    }

    /// A name from a text, without allocation. `Name::from("cache")` is the same, and not `const`.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(Repr::Text(Text::Static(text)))
    }
}

impl Text {
    #[inline]
    fn as_str(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl Borrow<str> for Text {
    #[inline]
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Hash for Text {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

/// What may be a name, by [`Name::new`]: every type with `Hash + Eq + Debug + Send + Sync + 'static`. And `str`, to look one up
/// without owning one, by [`whereis`](crate::whereis).
///
/// It cannot be implemented by hand; deriving those traits for a key is enough.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a name",
    label = "not `Hash + Eq + Debug + Send + Sync + 'static`",
    note = "derive `Hash`, `PartialEq`, `Eq` and `Debug` for the key, and let it own what it holds"
)]
pub trait NameKey: sealed::Sealed {
    #[doc(hidden)]
    fn view(&self) -> View<'_>;

    #[doc(hidden)]
    fn into_name(self) -> Name
    where
        Self: Sized,
    {
        unreachable!("a key that has a size says what name it is")
    }
}

mod sealed {
    /// Keeps others from implementing [`NameKey`](super::NameKey).
    pub trait Sealed {}
}

/// A name that is looked up.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    Text(&'a str),
    Key(&'a dyn Key),
}

impl sealed::Sealed for str {}

#[diagnostic::do_not_recommend]
impl<K: Key> sealed::Sealed for K {}

impl NameKey for str {
    #[inline]
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl<K: Hash + Eq + fmt::Debug + Send + Sync + 'static> NameKey for K {
    fn into_name(self) -> Name {
        Name::of(self)
    }

    #[inline]
    fn view(&self) -> View<'_> {
        let any: &dyn Any = self;
        if let Some(text) = any.downcast_ref::<String>() {
            View::Text(text)
        } else if let Some(text) = any.downcast_ref::<&'static str>() {
            View::Text(text)
        } else if let Some(text) = any.downcast_ref::<Arc<str>>() {
            View::Text(text)
        } else if let Some(name) = any.downcast_ref::<Name>() {
            match &name.0 {
                Repr::Text(text) => View::Text(text.as_str()),
                Repr::Key(key) => View::Key(&**key),
            }
        } else {
            View::Key(self)
        }
    }
}

/// A key of any type.
#[doc(hidden)]
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

impl Hash for dyn Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key_hash(state);
    }
}

impl PartialEq for dyn Key {
    fn eq(&self, other: &Self) -> bool {
        self.key_eq(other)
    }
}

impl Eq for dyn Key {}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Self::from_static(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(Repr::Text(Text::Shared(text.into())))
    }
}

/// The key as it was given: a text without quotes, any other key by its `Debug`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(text) => f.write_str(text.as_str()),
            Repr::Key(key) => fmt::Debug::fmt(key, f),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(text) => fmt::Debug::fmt(text.as_str(), f),
            Repr::Key(key) => fmt::Debug::fmt(key, f),
        }
    }
}
