//! `Specs`: the specifications of a supervisor's children, found by key, by id and by place.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::burst;
use crate::catch::catch;
use crate::child::ChildId;
use crate::exit_reason::ExitReason;
use crate::process::address::AnyPlace;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::children::{ChildKey, Children};

pub(super) struct Specs {
    children: Children<ChildSpec>,
    /// By the hash of the id, which nearly always one child has. Made when a child is first asked for by its id.
    ids: Option<HashMap<u64, Vec<ChildKey>, RandomState>>,
    /// By the address of the place. Made when a child is first asked for by one that leads to nobody who runs.
    places: Option<HashMap<usize, ChildKey, RandomState>>,
}

impl Specs {
    pub(super) const fn new() -> Self {
        Self {
            children: Children::new(),
            ids: None,
            places: None,
        }
    }

    /// The first children, with the keys from 0 on.
    pub(super) fn fill(&mut self, children: Vec<ChildSpec>) {
        self.children.fill(children);
    }

    pub(super) fn push(&mut self, key: ChildKey, spec: ChildSpec) {
        if let Some(ids) = &mut self.ids {
            ids.entry(spec.id().hash_code()).or_default().push(key);
        }
        if let (Some(places), Some(place)) = (&mut self.places, &spec.place) {
            places.insert(address(place), key);
        }
        self.children.push(key, spec);
    }

    pub(super) fn remove(&mut self, key: ChildKey) -> Option<ChildSpec> {
        let spec = self.children.remove(key)?;
        if let Some(ids) = &mut self.ids {
            let hash = spec.id().hash_code();
            if let Some(keys) = ids.get_mut(&hash) {
                keys.retain(|other| *other != key);
                if keys.is_empty() {
                    ids.remove(&hash);
                    burst::shrink_table(ids);
                    // With nobody in it, the map is nothing but memory.
                    if ids.is_empty() {
                        self.ids = None;
                    }
                }
            }
        }
        if let (Some(places), Some(place)) = (&mut self.places, &spec.place) {
            places.remove(&address(place));
            burst::shrink_table(places);
            if places.is_empty() {
                self.places = None;
            }
        }
        Some(spec)
    }

    pub(super) fn get(&self, key: ChildKey) -> Option<&ChildSpec> {
        self.children.get(key)
    }

    pub(super) fn get_mut(&mut self, key: ChildKey) -> Option<&mut ChildSpec> {
        self.children.get_mut(key)
    }

    /// The child with this id.
    ///
    /// # Errors
    ///
    /// The panic of an id's `Eq`.
    pub(super) fn key_of(&mut self, id: &ChildId) -> Result<Option<ChildKey>, ExitReason> {
        let children = &self.children;
        let ids = self.ids.get_or_insert_with(|| {
            let mut ids = HashMap::<_, Vec<_>, _>::default();
            for (key, spec) in children.iter() {
                ids.entry(spec.id().hash_code()).or_default().push(key);
            }
            ids
        });
        let Some(keys) = ids.get(&id.hash_code()) else {
            return Ok(None);
        };
        let is = |key: &&ChildKey| children.get(**key).is_some_and(|spec| spec.id() == id);
        catch(|| keys.iter().find(is).copied())
    }

    /// The child at this place.
    pub(super) fn key_at(&mut self, place: &dyn AnyPlace) -> Option<ChildKey> {
        let children = &self.children;
        let places = self.places.get_or_insert_with(|| {
            let places = children.iter().filter_map(|(key, spec)| {
                let place = spec.place.as_ref()?;
                Some((address(place), key))
            });
            places.collect()
        });
        let at = std::ptr::from_ref(place).cast::<()>().addr();
        places.get(&at).copied()
    }

    /// All children, in start order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (ChildKey, &ChildSpec)> {
        self.children.iter()
    }
}

/// Where a place is, which is its own as long as a specification holds it.
fn address(place: &Arc<dyn Any + Send + Sync>) -> usize {
    Arc::as_ptr(place).cast::<()>().addr()
}
