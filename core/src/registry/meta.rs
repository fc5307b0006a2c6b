//! `Meta`: what a registry holds of its own, beside its entries: values of any type, by texts.

use std::any::Any;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::guard::discard;
use crate::sync::{Arc, Mutex, lock};

type Value = Arc<dyn Any + Send + Sync>;

#[derive(Default)]
pub(super) struct Meta(Mutex<HashMap<String, Value, RandomState>>);

impl Meta {
    pub(super) fn put(&self, name: String, value: Value) {
        let before = lock(&self.0).insert(name, value);
        discard(before);
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        lock(&self.0).get(name).cloned()
    }

    pub(super) fn delete(&self, name: &str) {
        let before = lock(&self.0).remove(name);
        discard(before);
    }
}

impl Drop for Meta {
    fn drop(&mut self) {
        let all = std::mem::take(&mut *lock(&self.0));
        all.into_values().for_each(discard);
    }
}
