//! What a client of a protocol holds: whom it asks, or the place where that will be.

use crate::guard::discard;
use crate::protocol::call::ProtocolCall;
use crate::protocol::cast::ProtocolCast;
use crate::sync::{Arc, Mutex, lock};

/// Whom a client of a protocol asks; `P` is the hidden trait of the protocol.
pub struct ProtocolLink<P: ?Sized>(To<P>);

enum To<P: ?Sized> {
    /// Stands for the type alone.
    Nobody,
    Somebody(Arc<P>),
    /// Who is filled in later, by whom all clones find it.
    Vacant(Arc<Mutex<Option<Arc<P>>>>),
}

impl<P: ?Sized> ProtocolLink<P> {
    /// To this one.
    #[must_use]
    pub const fn to(somebody: Arc<P>) -> Self {
        Self(To::Somebody(somebody))
    }

    /// To nobody, for ever.
    #[must_use]
    pub const fn nobody() -> Self {
        Self(To::Nobody)
    }

    /// To this one instead.
    #[must_use]
    pub fn instead(self, somebody: Arc<P>) -> Self {
        drop(self);
        Self::to(somebody)
    }

    /// To nobody yet.
    #[must_use]
    pub fn vacant() -> Self {
        Self(To::Vacant(Arc::new(Mutex::new(None))))
    }

    /// From now on, all clones of this ask whom `other` asks now. `false`: that is nobody, or this is no vacant one.
    pub fn fill(&self, other: &Self) -> bool {
        let (To::Vacant(place), Some(somebody)) = (&self.0, other.somebody()) else {
            return false;
        };
        let before = lock(place).replace(somebody);
        // Outside of the lock: it may be the last reference to a stand-in.
        drop(before);
        true
    }

    /// A call of whoever is asked.
    pub fn call<Reply>(&self, call: impl FnOnce(&P) -> ProtocolCall<Reply>) -> ProtocolCall<Reply> {
        self.ask(call, ProtocolCall::nobody)
    }

    /// A cast to whoever is asked.
    pub fn cast(&self, cast: impl FnOnce(&P) -> ProtocolCast) -> ProtocolCast {
        self.ask(cast, ProtocolCast::nobody)
    }

    fn ask<R>(&self, ask: impl FnOnce(&P) -> R, nobody: fn() -> R) -> R {
        if let To::Somebody(somebody) = &self.0 {
            return ask(somebody);
        }
        match self.somebody() {
            Some(somebody) => ask(&somebody),
            None => {
                // With the arguments in it.
                discard(ask);
                nobody()
            }
        }
    }

    fn somebody(&self) -> Option<Arc<P>> {
        match &self.0 {
            To::Nobody => None,
            To::Somebody(somebody) => Some(Arc::clone(somebody)),
            To::Vacant(place) => lock(place).clone(),
        }
    }
}

impl<P: ?Sized> Clone for ProtocolLink<P> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            To::Nobody => To::Nobody,
            To::Somebody(somebody) => To::Somebody(Arc::clone(somebody)),
            To::Vacant(place) => To::Vacant(Arc::clone(place)),
        })
    }
}

impl<P: ?Sized> std::fmt::Debug for ProtocolLink<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match &self.0 {
            To::Somebody(_) => "bound",
            To::Vacant(place) if lock(place).is_some() => "filled",
            To::Vacant(_) | To::Nobody => "vacant",
        })
    }
}

/// A server that speaks the protocol, as the hidden trait is implemented for it.
#[derive(Debug)]
pub struct Speaker<S: crate::GenServer>(pub S::Client);
