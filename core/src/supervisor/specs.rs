//! `Specs`: the specifications of a supervisor's children, found by key and by id.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::child::ChildId;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::children::{ChildKey, Children};

pub(super) struct Specs {
    children: Children<ChildSpec>,
    /// Made when a child is first asked for by its id.
    ids: Option<HashMap<ChildId, ChildKey, RandomState>>,
}

impl Specs {
    pub(super) const fn new() -> Self {
        Self {
            children: Children::new(),
            ids: None,
        }
    }

    /// The first children, with the keys from 0 on.
    pub(super) fn fill(&mut self, children: Vec<ChildSpec>) {
        self.children.fill(children);
    }

    pub(super) fn push(&mut self, key: ChildKey, spec: ChildSpec) {
        if let Some(ids) = &mut self.ids {
            ids.insert(spec.id().clone(), key);
        }
        self.children.push(key, spec);
    }

    pub(super) fn remove(&mut self, key: ChildKey) -> Option<ChildSpec> {
        let spec = self.children.remove(key)?;
        if let Some(ids) = &mut self.ids {
            ids.remove(spec.id());
            // With nobody in it, the map is nothing but memory.
            if ids.is_empty() {
                self.ids = None;
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
    pub(super) fn key_of(&mut self, id: &ChildId) -> Option<ChildKey> {
        let children = self.children.iter();
        let ids = self.ids.get_or_insert_with(|| {
            children
                .map(|(key, spec)| (spec.id().clone(), key))
                .collect()
        });
        ids.get(id).copied()
    }

    /// All children, in start order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (ChildKey, &ChildSpec)> {
        self.children.iter()
    }
}
