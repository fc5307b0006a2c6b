//! `Name`: what a process may be registered under.

use std::any::Any;
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::guard::Guarded;
use crate::sync::GlobalOnceLock;

/// A name to register a process under: any key with `Hash + Eq + Debug`.
///
/// Names of one runtime are one space, as OTP's local names are: a name has one holder, whatever its server type.
/// Keys of different types are different names, but for texts: `"a"` and `String::from("a")` are the same, and so are
/// std's other owned texts.
///
/// A name is claimed before `init` runs and is free again before anybody can observe the death of its holder.
///
/// A key is hashed when the name is made, and never again. It is compared with keys of its type and hash, where one is looked up.
/// A panic of its `Hash` or `Eq` is that of whoever makes or looks up the name; in a start, it is a start that failed.
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
    Key(SharedKey),
}

/// A key that is no text. Its hash was taken when the name was made: so no table of them calls a user's code.
#[derive(Clone)]
pub(crate) struct SharedKey {
    hash: u64,
    key: Guarded<Arc<dyn Key>>,
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

    /// Whether it is one of Rust's own integers.
    pub(crate) fn is_number(&self) -> bool {
        match &self.0 {
            Repr::Text(_) => false,
            Repr::Key(key) => key.is_number(),
        }
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
        if let Some(text) = any
            .downcast_mut::<Option<Box<str>>>()
            .and_then(Option::take)
        {
            return Self(Repr::Text(Text::Shared(text.into())));
        }
        if let Some(text) = any
            .downcast_mut::<Option<Cow<'static, str>>>()
            .and_then(Option::take)
        {
            return match text {
                Cow::Borrowed(text) => Self::from_static(text),
                Cow::Owned(text) => Self::from(text),
            };
        }
        if let Some(name) = any.downcast_mut::<Option<Self>>().and_then(Option::take) {
            return name;
        }
        let key = key.expect("only one of the branches above takes the key");
        Self(Repr::Key(SharedKey::new(Arc::new(key))))
    }

    /// The hash of the key, whatever table it is for.
    pub(crate) fn hash_code(&self) -> u64 {
        match &self.0 {
            Repr::Text(text) => hash_of(text.as_str()),
            Repr::Key(key) => key.hash,
        }
    }

    /// A name from a text, without allocation. `Name::from("cache")` is the same, and not `const`.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(Repr::Text(Text::Static(text)))
    }
}

/// One hash for all tables of a program.
pub(crate) fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u64 {
    static STATE: GlobalOnceLock<RandomState> = GlobalOnceLock::new();
    STATE.get_or_init(RandomState::default).hash_one(key)
}

impl SharedKey {
    fn new(key: Arc<dyn Key>) -> Self {
        let key = Guarded::new(key);
        Self {
            hash: hash_of(&**key.get()),
            key,
        }
    }

    /// Whether it is this key. User code: not to be called under a lock.
    pub(crate) fn is(&self, key: &dyn Key) -> bool {
        self.key.get().key_eq(key)
    }

    pub(crate) const fn hash_code(&self) -> u64 {
        self.hash
    }

    fn is_number(&self) -> bool {
        let key: &dyn Any = &**self.key.get();
        key.is::<usize>()
            || key.is::<u8>()
            || key.is::<u16>()
            || key.is::<u32>()
            || key.is::<u64>()
            || key.is::<u128>()
            || key.is::<isize>()
            || key.is::<i8>()
            || key.is::<i16>()
            || key.is::<i32>()
            || key.is::<i64>()
            || key.is::<i128>()
    }
}

impl Hash for SharedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialEq for SharedKey {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.is(&**other.key.get())
    }
}

impl Eq for SharedKey {}

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
    note = "derive `Hash`, `PartialEq`, `Eq` and `Debug` for the key, and let it own what it holds",
    note = "page: docs/errors/T018.md"
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
    /// With its hash.
    Key(u64, &'a dyn Key),
}

impl sealed::Sealed for str {}

#[diagnostic::do_not_recommend]
impl<K: Key> sealed::Sealed for K {}

#[diagnostic::do_not_recommend]
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
        } else if let Some(text) = any.downcast_ref::<Box<str>>() {
            View::Text(text)
        } else if let Some(text) = any.downcast_ref::<Cow<'static, str>>() {
            View::Text(text)
        } else if let Some(name) = any.downcast_ref::<Name>() {
            match &name.0 {
                Repr::Text(text) => View::Text(text.as_str()),
                Repr::Key(key) => View::Key(key.hash, &**key.key.get()),
            }
        } else {
            let key: &dyn Key = self;
            View::Key(hash_of(key), key)
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
            Repr::Key(key) => fmt::Debug::fmt(key.key.get(), f),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(text) => fmt::Debug::fmt(text.as_str(), f),
            Repr::Key(key) => fmt::Debug::fmt(key.key.get(), f),
        }
    }
}
